import { cpSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { temporaryDirectory } from './temporary-directory.ts';

const project = fileURLToPath(new URL('../../', import.meta.url));

/** A copy of the sources, to break something in. */
export function projectCopy(): string {
  const directory = join(temporaryDirectory(), 'project');
  mkdirSync(directory);
  for (const part of [
    'local',
    'src',
    'commands',
    'tooling',
    'cloudformation',
    'serverless.yml',
    'config',
    '.serverless',
    'package.json',
    'package-lock.json',
    'tsconfig.json',
  ])
    cpSync(join(project, part), join(directory, part), { recursive: true });
  symlinkSync(join(project, 'node_modules'), join(directory, 'node_modules'));
  return directory;
}
