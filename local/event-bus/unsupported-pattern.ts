const supported =
  'supported are nested objects, $or, and arrays of text, numbers, true, false, null, {prefix}, {suffix}, {anything-but}, {exists} and {numeric}';

/** This emulator cannot match the pattern as EventBridge would. */
export class UnsupportedPattern extends Error {
  override readonly name = 'UnsupportedPattern';

  constructor(path: string, reason: string) {
    super(`Event pattern at ${path === '' ? 'the top' : path}: ${reason}; ${supported}.`);
  }
}
