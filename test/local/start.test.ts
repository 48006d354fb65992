import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { openState } from '../../local/state.ts';
import { projectCopy } from './project-copy.ts';
import { temporaryDirectory } from './temporary-directory.ts';

const project = fileURLToPath(new URL('../../', import.meta.url));

type Run = {
  environment?: Record<string, string>;
  nodeOptions?: string[];
  options?: string[];
  directory?: string;
  whenReady?: (child: ChildProcess) => void;
};

/** Runs local/start.mjs until it ends, on any free ports and with a state of its own. */
async function start({ environment = {}, nodeOptions = [], options = [], directory = project, whenReady }: Run) {
  const state = environment.LOCAL_STATE ?? temporaryDirectory();
  const spawnOptions: SpawnOptions = { cwd: directory, env: { PATH: process.env.PATH, PORT: '0', LOCAL_STATE: state, ...environment } };
  const child = spawn(process.execPath, [...nodeOptions, join(directory, 'local/start.mjs'), ...options], spawnOptions);
  onTestFinished(() => void child.kill('SIGKILL'));
  const { stdout, stderr } = child;
  if (stdout === null || stderr === null) throw new Error('the child has no output');
  stdout.on('data', (chunk) => {
    if (String(chunk).includes('Ctrl-C ends')) whenReady?.(child);
  });
  const [[code], out, errors] = await Promise.all([once(child, 'exit'), text(stdout), text(stderr)]);
  return { code, out, errors };
}

/** One line that says what is wrong and what to do. */
function oneSentence(pattern: RegExp) {
  return { code: 1, errors: expect.stringMatching(new RegExp(`^${pattern.source}[^\\n]*\\n$`)) };
}

test('an older Node is told how to get the right one', async () => {
  const older = `data:text/javascript,Object.defineProperty(process, 'version', { value: 'v20.20.2' })`;
  const finished = await start({ nodeOptions: ['--import', older] });
  expect(finished).toMatchObject(
    oneSentence(/The local service needs Node 24, and this is Node v20\.20\.2\. Run `npm ci`, then `npm start`/),
  );
});

test.each(['PORT', 'AWS_PORT'])('a %s in use is named, with another to try', async (variable) => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  onTestFinished(() => void other.close());
  const address = other.address();
  const port = String(typeof address === 'object' ? address?.port : address);

  const finished = await start({ environment: { [variable]: port } });

  expect(finished).toMatchObject(oneSentence(new RegExp(`Port ${port} is in use.*\`${variable}=\\d+ npm start\``)));
});

test.each(['http', '-1', '65536', '44.5'])('PORT=%s is refused with an example', async (port) => {
  expect(await start({ environment: { PORT: port } })).toMatchObject(
    oneSentence(/PORT must be a port from 0 to 65535.*`PORT=4500 npm start`/),
  );
});

test('one port for both doors is refused, and so is a file where the state should be', async () => {
  const finished = await start({ environment: { PORT: '4777', AWS_PORT: '4777' } });
  expect(finished).toMatchObject(oneSentence(/PORT and AWS_PORT are both 4777.*`AWS_PORT=4778 npm start`/));
  const file = join(temporaryDirectory(), 'file');
  writeFileSync(file, '');
  const onFile = await start({ environment: { LOCAL_STATE: file } });
  expect(onFile).toMatchObject(oneSentence(new RegExp(`${file} is a file, and the state needs a folder: choose one with LOCAL_STATE`)));
});

test('a damaged state folder is named, with what to do', async () => {
  const folder = temporaryDirectory();
  writeFileSync(join(folder, 'state.db'), 'this is no database, but long enough to be read as one'.repeat(100));
  const finished = await start({ environment: { LOCAL_STATE: folder } });
  expect(finished).toMatchObject(oneSentence(new RegExp(`The state in ${folder} cannot be read.*delete the folder`)));
});

test('a state folder that another service uses is named', async () => {
  const folder = temporaryDirectory();
  const state = openState(folder);
  onTestFinished(() => state.close());
  expect(await start({ environment: { LOCAL_STATE: folder } })).toMatchObject(oneSentence(/Another process uses the state in/));
});

test('the stack of an error is shown when asked for', async () => {
  const { errors } = await start({ environment: { PORT: 'http', DEBUG: '1' } });
  expect(errors).toContain('StartupFault: PORT must be');
  expect(errors).toContain('local/main.ts');
});

test('a stack that cannot be packaged is told in the words of the packager', async () => {
  const directory = projectCopy();
  writeFileSync(join(directory, 'serverless.yml'), 'service: [');
  expect(await start({ directory })).toMatchObject(oneSentence(/The stack could not be packaged: .*serverless\.yml.*`npm run package`/));
});

test('configuration that is not in order is named', async () => {
  const directory = projectCopy();
  writeFileSync(join(directory, 'config/tenants/mvno-aurora.yml'), 'tenant: [');
  expect(await start({ directory })).toMatchObject(
    oneSentence(/The configuration in config\/ is not in force: .*mvno-aurora\.yml.*config:check/),
  );
});

test('a damaged database folder is named, with what to do', async () => {
  const folder = temporaryDirectory();
  mkdirSync(join(folder, 'dynamodb'));
  writeFileSync(join(folder, 'dynamodb/CURRENT'), 'nonsense');
  expect(await start({ environment: { LOCAL_STATE: folder } })).toMatchObject(
    oneSentence(/The database in .* cannot be (used|opened).*delete the folder/),
  );
});

test.each(['SIGINT', 'SIGTERM'] as const)('%s ends a running service cleanly', async (signal) => {
  const finished = await start({ whenReady: (child) => child.kill(signal) });
  expect(finished).toMatchObject({
    code: 0,
    errors: '',
    out: expect.stringMatching(/AWS endpoint {2}http:\/\/127\.0\.0\.1:\d+[\s\S]*Tenants +mvno-aurora/),
  });
});

test('--help lists what can be set, and an unknown option points to it', async () => {
  expect(await start({ options: ['--help'] })).toMatchObject({ code: 0, out: expect.stringContaining('LOCAL_STATE') });
  expect(await start({ options: ['--port'] })).toMatchObject(oneSentence(/Unknown option '--port'.*--help/));
});
