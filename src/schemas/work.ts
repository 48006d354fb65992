/** Counts what our own loops do over foreign content, so that a test can say that it grows no faster than the content. */
export type Work = { steps: number };
