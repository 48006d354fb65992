/** Measures in its own process. */

import { parseEvent } from '../../../src/ingest/parse-event.ts';
import { MAX_MEMBERS } from '../../../src/ingest/parsing/json-bounds.ts';
import { hostileShapes } from '../../../tooling/traffic/hostile-shapes.ts';
import { spreadOf } from '../spread.ts';

export type HostileTask = { bytes: number; seed: number };
/** Processor times in milliseconds; `shape` is the slowest one. */
export type HostileResult = { worst: number; benign: number; shape: string; shapes: number };

/** This many of the slowest are measured again. */
const SLOWEST = 5;
const READS = 11;

process.once('message', ({ bytes, seed }: HostileTask) => {
  const benign = benignEvent(bytes);
  if (!parseEvent(benign).valid) throw new Error('The benign event is invalid.');
  for (let read = 0; read < READS; read += 1) parseEvent(benign);
  let shapes = 0;
  let slowest: { name: string; body: string; time: number }[] = [];
  for (const { name, body } of hostileShapes({ bytes, seed })) {
    shapes += 1;
    slowest = [...slowest, { name, body, time: timeOf(body) }].sort((one, other) => other.time - one.time).slice(0, SLOWEST);
  }
  const measured = [benign, ...slowest.map(({ body }) => body)].map((body): { body: string; times: number[] } => ({ body, times: [] }));
  for (let read = 0; read < READS; read += 1) for (const { body, times } of measured) times.push(timeOf(body));
  const [benignMedian = 0, ...medians] = measured.map(({ times }) => spreadOf(times).median);
  const worst = Math.max(...medians);
  const result: HostileResult = { worst, benign: benignMedian, shape: slowest[medians.indexOf(worst)]?.name ?? '', shapes };
  process.send?.(result);
  process.disconnect();
});

function timeOf(body: string): number {
  const before = process.cpuUsage();
  parseEvent(body);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

/** The largest event that a charging system could send: fields with words and numbers, up to the limits of keys and bytes. */
function benignEvent(bytes: number): string {
  const entries = Math.floor(MAX_MEMBERS / 4) - 10;
  const words = 'x'.repeat(Math.floor(bytes / entries) - 100);
  const fields = Object.fromEntries(
    Array.from({ length: entries }, (_, index) => [`usage-${index}`, { used: index * 7.5, unit: 'bytes', service: words }]),
  );
  const [frame] = hostileShapes({ bytes: 1, seed: 1 });
  const event = JSON.parse(frame?.body ?? '');
  event.detail.providerid = 'mvno-example';
  event.detail.eventdata.notificationinformation.notificationfields = fields;
  return JSON.stringify(event);
}
