import { spawnSync } from 'node:child_process';
import { cpSync, globSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createRandom } from '../../tooling/traffic/random.ts';
import { TOOLS } from '../../vitest.config.ts';
import { findMutants, type Mutant } from './find-mutants.ts';
import { createNearbyTests } from './nearby-tests.ts';

const USAGE = `npm run mutants -- [options]

Changes one operator or constant at a time in a copy of the project, and runs the tests near it, then all others that reach it, then those of
the whole service, until one fails. Lists the mutants that no test noticed.

  --count N    how many mutants (default 40)
  --seed TEXT  which ones (default 1)
  --only TEXT  only files whose path holds this, for example store/profiles
  --near       only the tests near each: quick, and says less
`;

/** (StrykerJS switches its mutants on inside the process of the tests. Here, tests run services in processes of their own.) */
const SOURCES = 'src/{ingest,messaging,offers,profiles,configuration,lookup,operations,workflows}/**/*.ts';
const LEFT_OUT = new Set(['node_modules', '.git', '.local', '.conformance', '.bench', 'coverage']);
/** How many of the nearest test files run first. */
const NEAR = 3;
/** A mutant that makes the tests hang is noticed, too. */
const TIMEOUT_MILLISECONDS = 15 * 60_000;

const project = fileURLToPath(new URL('../../', import.meta.url));

/** Undefined when no test notices it. */
function noticedBy(root: string, mutant: Mutant, tests: string[], nearOnly: boolean): string | undefined {
  const path = join(root, mutant.file);
  const text = readFileSync(path, 'utf8');
  writeFileSync(path, text.slice(0, mutant.start) + mutant.after + text.slice(mutant.end));
  try {
    const near = tests.slice(0, NEAR);
    const others = nearOnly ? [] : tests.slice(NEAR);
    return [near, others].find((files) => files.length > 0 && !pass(root, files))?.join(' ');
  } finally {
    writeFileSync(path, text);
  }
}

function pass(root: string, tests: string[]): boolean {
  const vitest = join(root, 'node_modules/vitest/vitest.mjs');
  const options = ['run', '--root', root, '--config', 'verify/mutants/vitest.config.ts', '--bail', '1', '--reporter', 'dot'];
  const { status } = spawnSync(process.execPath, [vitest, ...options, ...tests], {
    cwd: root,
    stdio: 'ignore',
    timeout: TIMEOUT_MILLISECONDS,
    killSignal: 'SIGKILL',
  });
  return status === 0;
}

function copyProject(): string {
  const root = mkdtempSync(join(tmpdir(), 'totogi-mutants-'));
  cpSync(project, root, { recursive: true, filter: (source) => !LEFT_OUT.has(relative(project, source).split('/')[0] ?? '') });
  symlinkSync(join(project, 'node_modules'), join(root, 'node_modules'));
  return root;
}

function describe({ file, line, before, after }: Mutant): string {
  return `${file}:${line} ${JSON.stringify(before)} -> ${JSON.stringify(after)}`;
}

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '40' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string', default: '' },
    near: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  process.stdout.write(USAGE);
} else {
  const root = copyProject();
  process.once('exit', () => rmSync(root, { recursive: true, force: true }));
  process.once('SIGINT', () => process.exit(130));
  const files = globSync(SOURCES, { cwd: root }).filter((file) => file.includes(values.only));
  const all = files.toSorted().flatMap((file) => findMutants(root, file));
  const chosen = createRandom(values.seed).shuffle(all).slice(0, Number(values.count));
  const nearbyTests = createNearbyTests(root, globSync(TOOLS, { cwd: root }));
  console.log(`${chosen.length} of ${all.length} mutants in ${files.length} files`);

  const survivors: Mutant[] = [];
  for (const mutant of chosen) {
    const noticed = noticedBy(root, mutant, nearbyTests(mutant.file), values.near);
    if (noticed === undefined) survivors.push(mutant);
    console.log(`${noticed === undefined ? 'SURVIVED' : 'noticed '} ${describe(mutant)}`);
  }
  console.log(`\n${survivors.length} of ${chosen.length} survived${survivors.length > 0 ? ':' : ''}`);
  for (const mutant of survivors) console.log(`  ${describe(mutant)}`);
}
