import { findChromium, packageRunsHere } from './chromium.ts';
import { runProgram } from './run-program.ts';

/** What must be on the machine. Everything else is installed below `.conformance/`. */
export type Runtime = 'python' | 'java' | 'maven' | 'compiler' | 'x64' | 'browser';

type Probe = { words: string; present: () => Promise<boolean> };

const probes: Record<Runtime, Probe> = {
  python: {
    words: 'Python 3.10 or later with venv',
    present: () => succeeds('python3', ['-c', 'import sys, venv, ensurepip; assert sys.version_info >= (3, 10)']),
  },
  java: { words: 'Java 17 or later', present: async () => (await javaVersion()) >= 17 },
  maven: { words: 'Maven (mvn)', present: () => succeeds('mvn', ['--version']) },
  compiler: {
    words: 'Linux with cmake, make, g++, python3, xz and tar (the runtime client compiles its native part)',
    present: async () => process.platform === 'linux' && allSucceed(['cmake', 'make', 'g++', 'python3', 'xz', 'tar']),
  },
  browser: {
    words: 'Linux on an x64 processor (a Chromium comes by npm for no other), or a Chromium or Chrome of its own',
    present: async () => packageRunsHere || (await findChromium(() => undefined)) !== undefined,
  },
  x64: { words: 'an x64 processor (DynamoDB Local brings SQLite for no other)', present: async () => process.arch === 'x64' },
};

/** The missing runtimes in words; empty if all are present. */
export async function missingRuntimes(needs: Runtime[]): Promise<string[]> {
  const looked = await Promise.all(needs.map(async (name) => ({ words: probes[name].words, present: await probes[name].present() })));
  return looked.filter(({ present }) => !present).map(({ words }) => words);
}

async function allSucceed(commands: string[]): Promise<boolean> {
  const found = await Promise.all(commands.map((command) => succeeds(command, ['--version'])));
  return found.every(Boolean);
}

async function javaVersion(): Promise<number> {
  const { errors } = await runProgram({ command: 'java', arguments: ['-version'] }).catch(() => ({ errors: '' }));
  return Number(/version "(\d+)/.exec(errors)?.[1] ?? 0);
}

/** A missing command counts as failed. */
async function succeeds(command: string, words: string[]): Promise<boolean> {
  return runProgram({ command, arguments: words }).then(
    ({ code }) => code === 0,
    () => false,
  );
}
