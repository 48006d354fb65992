/** Counts the steps of our own loops over input, so that a test can prove that they are linear. */
export type Work = { steps: number };
