/** By convention 128 and the signal's number. */
const exitCodesOfSignals = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 };

/** Has the process exit on a signal. By itself a signal would end it without what is done at its exit: ending programs, removing folders. */
export function exitOnSignals(): void {
  for (const [signal, exitCode] of Object.entries(exitCodesOfSignals)) process.once(signal, () => process.exit(exitCode));
}
