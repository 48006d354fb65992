const supported =
  'supported are nested objects, $or, and arrays of text, numbers, true, false, null, {prefix}, {suffix}, {anything-but}, {exists} and {numeric}';

/** A rule's event pattern that this machine cannot match as EventBridge would; the message names the place and what is supported. */
export class UnsupportedPattern extends Error {
  override readonly name = 'UnsupportedPattern';

  constructor(path: string, reason: string) {
    super(`Event pattern at ${path === '' ? 'the top' : path}: ${reason}; ${supported}.`);
  }
}
