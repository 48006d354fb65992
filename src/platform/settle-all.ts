/** Waits for every part before it throws the first failure, so that no work continues unobserved. */
export async function settleAll<Result>(parts: Promise<Result>[]): Promise<Result[]> {
  await Promise.allSettled(parts);
  return Promise.all(parts);
}
