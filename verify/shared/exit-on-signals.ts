/** By convention 128 plus the signal's number. */
const exitCodesOfSignals = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 };

/** Without this, a signal ends the process without its exit handlers, which end programs and remove folders. */
export function exitOnSignals(): void {
  for (const [signal, exitCode] of Object.entries(exitCodesOfSignals)) process.once(signal, () => process.exit(exitCode));
}
