/** Undefined for text that is not JSON. JSON.parse uses no stack, whatever the text's depth. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    // The error is dropped, because its message may quote the text.
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
