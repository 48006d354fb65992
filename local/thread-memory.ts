/**
 * The `resourceLimits` of worker threads.
 *
 * Both threads create much short-lived garbage. By default V8 lets the nursery grow to 100 MB, and the old space to four times the live
 * data before it collects. A small nursery and a limit on the old space cost no speed here and save 200 MB. `npm start` limits the main
 * thread's nursery by a flag (`--max-semi-space-size`), which a thread cannot set for itself.
 */
export const threadMemory = { maxYoungGenerationSizeMb: 32, maxOldGenerationSizeMb: 1_024 };
