import type { Tally } from './report.ts';

type Progress = { tally: Tally; bytesRead: () => number; bytes: number };

const TERMINAL_INTERVAL_MILLISECONDS = 200;
const LOG_INTERVAL_MILLISECONDS = 5_000;
const BAR_WIDTH = 30;

/** A rewritten bar on a terminal, else a line every 5 seconds. */
export function showProgress(stream: NodeJS.WritableStream, progress: Progress): { log(line: string): void; end(): void } {
  const isTerminal = 'isTTY' in stream && stream.isTTY === true;
  const clear = () => isTerminal && stream.write('\r\u001b[K');
  const show = () => stream.write(isTerminal ? `\r\u001b[K${bar(progress)} ${words(progress)}` : `${words(progress)}\n`);
  const timer = setInterval(show, isTerminal ? TERMINAL_INTERVAL_MILLISECONDS : LOG_INTERVAL_MILLISECONDS);
  return {
    log(line) {
      clear();
      stream.write(`${line}\n`);
    },
    end() {
      clearInterval(timer);
      clear();
    },
  };
}

function share({ bytesRead, bytes }: Progress): number {
  return bytes === 0 ? 1 : Math.min(1, bytesRead() / bytes);
}

function bar(progress: Progress): string {
  const full = Math.round(share(progress) * BAR_WIDTH);
  return `[${'#'.repeat(full)}${'.'.repeat(BAR_WIDTH - full)}]`;
}

function words(progress: Progress): string {
  const { rows, badRows } = progress.tally.totals();
  return `${Math.floor(share(progress) * 100)} %, ${rows} rows, ${badRows} bad`;
}
