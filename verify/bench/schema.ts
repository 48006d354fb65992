import type { Benchmark } from './benchmark.ts';
import { BENCH_TENANT } from './parts/bench-tenant.ts';
import { inChild } from './parts/child.ts';
import type { SchemaResult, SchemaTask } from './schema/reader.ts';
import { spreadOf } from './spread.ts';

const EVENTS = 5_000;
const PASSES = 20;
const EVENTS_PER_SECOND = 150_000;
const MICROSECONDS = 1_000_000;

export const schema: Benchmark = {
  name: 'schema',
  about: 'Events read per second and core: schema and normalisation alone, and with parsing the text and computing the id',
  needs: [],
  async run({ rounds, seed, log }) {
    const task: SchemaTask = { tenant: BENCH_TENANT, seed, events: EVENTS, passes: PASSES };
    const results: SchemaResult[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const result = await inChild<SchemaResult>(new URL('schema/reader.ts', import.meta.url), task);
      log(
        `round ${round + 1}: ${result.whole.toFixed(1)} µs, of which JSON.parse ${result.parsing.toFixed(1)}, id ${result.id.toFixed(1)}`,
      );
      results.push(result);
    }
    const perSecond = (microseconds: (result: SchemaResult) => number) =>
      spreadOf(results.map((result) => MICROSECONDS / microseconds(result)));
    const unit = 'events/s';
    return {
      figures: [
        {
          figure: 'schema and normalisation alone, per core',
          unit,
          measured: perSecond(({ whole, parsing, id }) => whole - parsing - id),
          promise: { atLeast: EVENTS_PER_SECOND },
        },
        {
          figure: 'reading a body whole, from text to event id, per core',
          unit,
          measured: perSecond(({ whole }) => whole),
          beside: { what: 'JSON.parse alone', spread: perSecond(({ parsing }) => parsing) },
        },
      ],
      notes: [
        `Each round is a process of its own: a pass over ${EVENTS} events to warm up, then ${PASSES} passes of each of the three, by turns, measured with process.cpuUsage.`,
        'Schema and normalisation alone is reading a body less JSON.parse and less the id (canonical JSON and SHA-256), each measured over the same events in the same process.',
      ],
    };
  },
};
