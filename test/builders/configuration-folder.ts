import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Program } from '../../tooling/command-line/run-command.ts';
import { readConfiguration } from '../../tooling/configuration/read-configuration.ts';
import { runInProcess } from './run-program.ts';

/** A copy of the configuration that ships, to break. */
export type ConfigurationFolder = ReturnType<typeof copyConfiguration>;

/** Copies `config/` into a folder of its own. */
export function copyConfiguration() {
  const directory = mkdtempSync(join(tmpdir(), 'totogi-configuration-'));
  cpSync(new URL('../../config', import.meta.url), directory, { recursive: true });
  return {
    directory,
    write(file: string, text: string): void {
      mkdirSync(join(directory, file, '..'), { recursive: true });
      writeFileSync(join(directory, file), text);
    },
    read: () => readConfiguration(directory),
    /** Everything wrong with it, files relative to it. */
    faults: () =>
      readConfiguration(directory).faults.map(({ severity, file, line, field, fault, remedy }) => ({
        severity,
        at: `${file.slice(directory.length + 1)}:${line}`,
        field,
        fault,
        remedy: remedy.replaceAll(directory, 'config'),
      })),
    /** Runs a command on it in this process. */
    run: (program: Program, ...args: string[]) => runInProcess(program, [...args, '--directory', directory]),
    /** Runs a command on it as npm does. */
    command: (name: string, ...args: string[]) =>
      spawnSync(process.execPath, [`commands/${name}.ts`, ...args, '--directory', directory], { encoding: 'utf8' }),
    remove: () => rmSync(directory, { recursive: true }),
  };
}
