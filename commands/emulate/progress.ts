import type { Ledger, Totals } from './ledger.ts';

type Progress = { ledger: Ledger; entries: number; startedAt: number; now: () => number };

const terminalIntervalMilliseconds = 250;
const logIntervalMilliseconds = 5_000;

/** One rewritten line on a terminal, else a line every 5 seconds. Returns a function that ends it. */
export function showProgress(stream: NodeJS.WriteStream, progress: Progress): () => void {
  const show = () => stream.write(stream.isTTY ? `\r\u001b[K${progressLine(progress)}` : `${progressLine(progress)}\n`);
  const timer = setInterval(show, stream.isTTY ? terminalIntervalMilliseconds : logIntervalMilliseconds);
  return () => {
    clearInterval(timer);
    if (stream.isTTY) stream.write('\r\u001b[K');
  };
}

function progressLine({ ledger, entries, startedAt, now }: Progress): string {
  const totals = ledger.totals();
  const seconds = (now() - startedAt) / 1_000;
  const done = totals.accepted + totals.failed;
  return `${done} of ${entries} entries, ${perSecond(totals, seconds)} per second, ${totals.failed} refused, ${seconds.toFixed(0)} s`;
}

export function summaryOf(ledger: Ledger, seconds: number): string {
  const totals = ledger.totals();
  const row = (type: string, distinct: number | string, repeated: number | string) =>
    `${type.padEnd(38)}${String(distinct).padStart(10)}${String(repeated).padStart(12)}`;
  const distinct = totals.accepted - totals.repeated;
  return [
    row('type', 'distinct', 'duplicates'),
    ...ledger.byType().map((count) => row(count.type, count.distinct, count.repeated)),
    row('all', distinct, totals.repeated),
    '',
    `sent ${totals.accepted} entries: ${distinct - totals.invalid} valid, ${totals.invalid} invalid, ${totals.repeated} duplicates`,
    `refused by PutEvents: ${totals.failed}`,
    ...ledger.failures().map(({ failure, entries }) => `  ${entries} x ${failure}`),
    `elapsed ${seconds.toFixed(1)} s, ${perSecond(totals, seconds)} entries per second`,
  ].join('\n');
}

function perSecond({ accepted }: Totals, seconds: number): string {
  return (accepted / Math.max(seconds, 0.001)).toFixed(1);
}
