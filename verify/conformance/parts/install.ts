import { mkdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runToSuccess } from './run-program.ts';
import { versions } from './versions.ts';

/** Installed parts and reports. Not part of the project. */
export const conformanceDirectory = fileURLToPath(new URL('../../../.conformance/', import.meta.url));

/** It takes a minute on two free cores. */
const MAX_COMPILATION_SECONDS = 1_200;

type Log = (line: string) => void;

/** Installs a Python package in its own environment and returns its `bin` folder. `extra` as in `moto[server]`. */
export async function installPythonPackage(name: keyof typeof versions, log: Log, extra = ''): Promise<string> {
  const directory = await installOnce(`${name}-${versions[name]}`, log, async (folder) => {
    await runToSuccess({ command: 'python3', arguments: ['-m', 'venv', folder] });
    const pip = join(folder, 'bin', 'pip');
    await runToSuccess({
      command: pip,
      arguments: ['install', '--quiet', '--disable-pip-version-check', `${name}${extra}==${versions[name]}`],
    });
  });
  return join(directory, 'bin');
}

/** Installs a Java library from Maven Central with all its dependencies and returns the folder of its files. */
export async function installJavaLibrary(groupId: string, name: keyof typeof versions, log: Log): Promise<string> {
  const directory = await installOnce(`${name}-${versions[name]}`, log, async (folder) => {
    const dependency = `<dependency><groupId>${groupId}</groupId><artifactId>${name}</artifactId><version>${versions[name]}</version></dependency>`;
    const project = `<modelVersion>4.0.0</modelVersion><groupId>conformance</groupId><artifactId>parts</artifactId><version>1</version><packaging>pom</packaging>`;
    await writeFile(join(folder, 'pom.xml'), `<project>${project}<dependencies>${dependency}</dependencies></project>`);
    const goal = `org.apache.maven.plugins:maven-dependency-plugin:${versions['maven-dependency-plugin']}:copy-dependencies`;
    await runToSuccess({
      command: 'mvn',
      arguments: ['--quiet', '--batch-mode', goal, `-DoutputDirectory=${join(folder, 'lib')}`],
      directory: folder,
    });
  });
  return join(directory, 'lib');
}

/** Installs an npm package and returns the folder to import it from. Install scripts only run if it must compile. */
export function installNpmPackage(name: keyof typeof versions, log: Log, { compiles = false } = {}): Promise<string> {
  return installOnce(`${name.replaceAll('/', '-')}-${versions[name]}`, log, async (folder) => {
    await writeFile(join(folder, 'package.json'), JSON.stringify({ private: true, allowScripts: { [name]: compiles } }));
    const quietly = [...(compiles ? [] : ['--ignore-scripts']), '--no-audit', '--no-fund', '--loglevel=error'];
    await runToSuccess({
      command: 'npm',
      arguments: ['install', ...quietly, `${name}@${versions[name]}`],
      directory: folder,
      timeoutSeconds: compiles ? MAX_COMPILATION_SECONDS : undefined,
    });
  });
}

/** Installs into a folder of that name, unless a complete installation exists. */
async function installOnce(name: string, log: Log, install: (folder: string) => Promise<void>): Promise<string> {
  const folder = join(conformanceDirectory, 'parts', name);
  const stamp = join(folder, 'installed');
  if (await exists(stamp)) return folder;
  log(`installing ${name} …`);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await install(folder);
  await writeFile(stamp, '');
  return folder;
}

function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
      return false;
    },
  );
}
