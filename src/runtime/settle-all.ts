/**
 * The results of independent work. Each part comes to its end before the first failure is thrown, so that nothing goes on unseen after
 * the answer.
 */
export async function settleAll<Result>(parts: Promise<Result>[]): Promise<Result[]> {
  await Promise.allSettled(parts);
  return Promise.all(parts);
}
