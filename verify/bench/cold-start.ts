import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packageStack } from '../../local/template/package-stack.ts';
import { projectDirectory } from '../../tooling/packaging/run-packager.ts';
import { unpackFunction } from '../conformance/parts/packaged-function.ts';
import type { Benchmark, BenchmarkOptions, Figure } from './benchmark.ts';
import { bareBundle } from './cold-start/bare-bundle.ts';
import type { ImportResult } from './cold-start/importer.ts';
import { functionEnvironment } from './parts/bench-tenant.ts';
import { bundleAsPackaged } from './parts/bundle.ts';
import { inChild } from './parts/child.ts';
import { ratioOf, spreadOf } from './spread.ts';

const MAX_TIMES_BASELINE = 1.25;
const NO_DATABASE = 'http://127.0.0.1:9';

export const coldStart: Benchmark = {
  name: 'cold-start',
  about: 'Processor time to import each packaged function beside a bare bundle with the same AWS clients',
  needs: [],
  async run(options) {
    await packageStack({ log: options.log });
    const files = await readdir(new URL('.serverless/', projectDirectory));
    const names = files.filter((file) => file.endsWith('.zip')).map((file) => file.replace(/\.zip$/, ''));
    const imports: Import[] = [];
    for (const name of names) imports.push(await measureImport(options, name));
    const figures = imports.map(({ figure }) => figure);
    const withoutFloor = figures.filter(({ ratio }) => ratio === undefined).map(({ figure }) => figure);
    const notes = [
      `Without a floor, since they take nothing from the AWS SDK: ${withoutFloor.join(', ')}.`,
      `Zips: ${imports.map(({ zip }) => zip).join(', ')}.`,
    ];
    return { figures, notes: [...METHOD, ...notes] };
  },
};

const METHOD = [
  'Each import is a process of its own, by turns, measured with process.cpuUsage, which counts all threads. The files are in the page cache; no compile cache is used.',
  'The bare bundle imports by name what the function takes from the AWS SDK, makes each client once, and is bundled as the packager bundles. A workflow takes the durable SDK too.',
];

type Import = { figure: Figure; zip: string };

async function measureImport({ rounds, log }: BenchmarkOptions, name: string): Promise<Import> {
  const { folder, handler } = await unpackFunction(name);
  const { sources } = await bundleAsPackaged(name, new URL(handler.replace(/handler$/, 'ts'), projectDirectory));
  const bare = await bareBundle(name, sources);
  const importOnce = async (bundle: string) =>
    (await inChild<ImportResult>(new URL('cold-start/importer.ts', import.meta.url), { bundle }, functionEnvironment(NO_DATABASE)))
      .milliseconds;
  const measured: number[] = [];
  const floor: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    if (bare) floor.push(await importOnce(bare.file));
    measured.push(await importOnce(join(folder, handler.replace(/handler$/, 'js'))));
  }
  const { size } = await stat(fileURLToPath(new URL(`.serverless/${name}.zip`, projectDirectory)));
  log(`${name}: ${spreadOf(measured).median.toFixed(0)} ms${bare ? `, bare ${spreadOf(floor).median.toFixed(0)} ms` : ''}`);
  const compared = bare && {
    beside: { what: 'bare bundle', spread: spreadOf(floor) },
    ratio: ratioOf(measured, floor),
    promise: { atMost: MAX_TIMES_BASELINE },
  };
  return { figure: { figure: name, unit: 'ms', measured: spreadOf(measured), ...compared }, zip: `${name} ${Math.round(size / 1_000)} kB` };
}
