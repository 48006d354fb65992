/** A fault that the user can fix. The message says what is wrong and what to do, and is shown without a stack. */
export class StartupFault extends Error {
  override name = 'StartupFault';
}

/** The first line only. */
export function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.split('\n')[0] ?? text;
}
