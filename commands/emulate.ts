import { setTimeout as sleep } from 'node:timers/promises';
import { UsageError } from '../tooling/command-line/failures.ts';
import { runCommand } from '../tooling/command-line/run-command.ts';
import { traffic } from '../tooling/traffic/traffic.ts';
import { type EmulateArguments, emulateArguments, emulateCommand } from './emulate/arguments.ts';
import { type Clock, deliver } from './emulate/delivery.ts';
import { createPutEntries, UnreachableEndpoint } from './emulate/event-bridge.ts';
import { createLedger, type Ledger } from './emulate/ledger.ts';
import { showProgress, summaryOf } from './emulate/progress.ts';

const exitCodes = { done: 0, failed: 1, interrupted: 130 };
const clock: Clock = {
  now: Date.now,
  sleep: async (milliseconds, end) => {
    await sleep(milliseconds, undefined, { signal: end }).catch((error: unknown) => {
      if (!end.aborted) throw error;
    });
  },
};

await runCommand(emulateCommand, (values) => {
  const options = emulateArguments(values);
  return emulate(options, openLedger(options.record));
});

function openLedger(record: string | undefined): Ledger {
  try {
    return createLedger(record);
  } catch (error) {
    if (!(error instanceof Error && 'syscall' in error && error.syscall === 'open')) throw error;
    throw new UsageError(`--record: the file cannot be written (${error.message})`);
  }
}

async function emulate(options: EmulateArguments, ledger: Ledger): Promise<number> {
  const startedAt = clock.now();
  const plan = { ...options, startsAt: options.startsAt ?? startedAt, entries: Math.max(1, Math.round(options.rate * options.seconds)) };
  const interruption = interruptible();
  const { put, close } = createPutEntries(options);
  const endProgress = showProgress(process.stderr, { ledger, entries: plan.entries, startedAt, now: clock.now });
  try {
    await deliver({ entries: traffic(plan), rate: options.rate, put, ledger, clock, stop: interruption });
    endProgress();
    console.log(summaryOf(ledger, (clock.now() - startedAt) / 1_000));
  } catch (error) {
    endProgress();
    if (!(error instanceof UnreachableEndpoint)) throw error;
    if (ledger.totals().accepted > 0) console.log(summaryOf(ledger, (clock.now() - startedAt) / 1_000));
    console.error(unreachableSentence(options.endpoint, error));
    return exitCodes.failed;
  } finally {
    close();
    ledger.close();
  }
  if (interruption.aborted) return exitCodes.interrupted;
  return ledger.totals().failed === 0 ? exitCodes.done : exitCodes.failed;
}

/** Aborts at the first Ctrl-C, so that the summary still appears. The second one ends the process. */
function interruptible(): AbortSignal {
  const controller = new AbortController();
  process.once('SIGINT', () => controller.abort());
  return controller.signal;
}

function unreachableSentence(endpoint: string | undefined, { message }: Error): string {
  if (endpoint === undefined) return `Cannot reach EventBridge on AWS (${message}). Are AWS_REGION and credentials set?`;
  return `Cannot reach EventBridge at ${endpoint} (${message}). Is \`npm start\` running? If it is elsewhere, use --endpoint URL.`;
}
