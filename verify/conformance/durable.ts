import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod';
import { entriesOf, PINNED_HISTORIES } from '../../test/workflows/pinned-histories.ts';
import { installNpmPackage } from './parts/install.ts';
import { runProgram } from './parts/run-program.ts';
import { versions } from './parts/versions.ts';
import { createClaims, type Suite } from './suite.ts';

const PACKAGE = '@aws/durable-execution-sdk-js-testing';
/** The case that the runner does not support. */
const LEFT_OUT = { of: 'that nobody answers', reason: 'the runner lets no callback time out' };
const ALL_OF_THEM_SECONDS = 180;

const HistoryResult = z.object({
  case: z.int(),
  history: z.array(z.string()),
  entries: z.int(),
  status: z.string(),
  result: z.unknown(),
  sent: z.array(z.string()),
});

export const durableSuite: Suite = {
  name: 'durable',
  about: "the workflows' pinned histories, which npm test runs on the local durable executions, under the durable SDK's own test runner",
  needs: [],
  async run({ log }) {
    const folder = await installNpmPackage(PACKAGE, log);
    const module = pathToFileURL(join(folder, 'node_modules', PACKAGE, 'dist', 'index.mjs')).href;
    const asked = PINNED_HISTORIES.flatMap(([, of], number) => (of === LEFT_OUT.of ? [] : [number]));
    const { output, errors } = await runProgram({
      command: process.execPath,
      arguments: [fileURLToPath(new URL('durable/run-histories.ts', import.meta.url)), module, ...asked.map(String)],
      timeoutSeconds: ALL_OF_THEM_SECONDS,
    });
    const lines = output.split('\n').filter((line) => line.startsWith('{'));
    const results = new Map(lines.map((line) => HistoryResult.parse(JSON.parse(line))).map((one) => [one.case, one]));
    const claims = createClaims();
    for (const number of asked) claims.claim(isAsPinned(number, results.get(number)), faultOf(number, results.get(number), errors));
    return {
      findings: [claims.finding(`${PACKAGE} ${versions[PACKAGE]}`, `${asked.length} of ${PINNED_HISTORIES.length} pinned histories`)],
      faults: claims.faults,
      notes: [`left out: retention-offer ${LEFT_OUT.of}: ${LEFT_OUT.reason}`],
    };
  },
};

function isAsPinned(number: number, results: z.infer<typeof HistoryResult> | undefined): boolean {
  const [, , , history = [], result, sent] = PINNED_HISTORIES[number] ?? [];
  const pinned = {
    history: ['step start-run', ...history, 'step finish-run'],
    entries: entriesOf(history),
    status: 'SUCCEEDED',
    result,
    sent,
  };
  return isDeepStrictEqual(results, { case: number, ...pinned });
}

function faultOf(number: number, results: z.infer<typeof HistoryResult> | undefined, errors: string): string {
  const title = PINNED_HISTORIES[number]?.slice(0, 2).join(' ');
  return results === undefined ? `${title}: did not end: ${errors.slice(-500)}` : `${title}: ${JSON.stringify(results)}`;
}
