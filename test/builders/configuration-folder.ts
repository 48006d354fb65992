import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { WorkflowName } from '../../src/schemas/run/workflow.ts';
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
    /** Leaves no tenant: rendering all templates for one more takes most of a check. */
    forgetTenants(): void {
      for (const kind of ['tenants', 'operations', 'offers'])
        for (const file of readdirSync(join(directory, kind))) rmSync(join(directory, kind, file), { recursive: true });
    },
    /** Leaves only the templates of these names, and has the tenant run only these workflows. */
    keepOnly(names: string[]): void {
      const tenant = join(directory, 'tenants/mvno-aurora.yml');
      const workflows = Object.fromEntries(WorkflowName.options.map((name) => [name, { enabled: names.includes(name) }]));
      writeFileSync(tenant, JSON.stringify({ ...parse(readFileSync(tenant, 'utf8')), workflows }));
      for (const language of ['en', 'es'])
        for (const file of readdirSync(join(directory, 'templates', language)))
          if (!names.includes(file.split('.')[0] ?? '')) rmSync(join(directory, 'templates', language, file));
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
