/** Something the person at the keyboard can fix; its message says what is wrong and what to do, and is shown without a stack. */
export class StartupFault extends Error {
  override name = 'StartupFault';
}

/** The first line of an error's message, or the thrown thing as text. */
export function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.split('\n')[0] ?? text;
}
