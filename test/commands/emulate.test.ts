import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { PutEventsReply } from '../../local/event-bus/put-events.ts';
import { startEventBridge } from '../local/event-bus/event-bridge-server.ts';

type Line = { seq: number; kind: string; duplicateOf?: number; eventId: string; time: string; detail: unknown };

async function run(argv: string[], { interruptOn }: { interruptOn?: Promise<unknown> } = {}) {
  const child = spawn(process.execPath, ['commands/emulate.ts', ...argv], { stdio: ['ignore', 'pipe', 'pipe'] });
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  void interruptOn?.then(() => child.kill('SIGINT'));
  const [out, error, code] = await Promise.all([text(child.stdout), text(child.stderr), exited]);
  return { out, error, code };
}

async function startServer(behaviour?: Parameters<typeof startEventBridge>[0]) {
  const server = await startEventBridge(behaviour);
  onTestFinished(async () => void (await server.close()));
  return server;
}

async function recordFile() {
  const folder = await mkdtemp(join(tmpdir(), 'emulate-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const path = join(folder, 'record.ndjson');
  const lines = async (): Promise<Line[]> =>
    (await readFile(path, 'utf8'))
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
  return { path, lines };
}

/** The third request fails in half, the fifth as a whole: both are put again. */
function flaky(requestNumber: number, reply: PutEventsReply) {
  if (requestNumber === 5) return { status: 500 as const, body: { __type: 'InternalException', message: 'passing' } };
  if (requestNumber !== 3 || reply.status !== 200) return reply;
  const throttled = { ErrorCode: 'ThrottlingException', ErrorMessage: 'slower' };
  return { ...reply, body: { FailedEntryCount: 5, Entries: reply.body.Entries.map((entry, index) => (index < 5 ? throttled : entry)) } };
}

describe('npm run emulate', () => {
  test('records exactly what the server took, repeats and invalid ones marked, and says the same in its summary', async () => {
    const server = await startServer({ alter: flaky });
    const record = await recordFile();
    const argv = `--rate 400 --seconds 1 --seed 7 --duplicates 5% --invalid 2% --shuffle --record ${record.path} --endpoint ${server.endpoint}`;
    const { out, code } = await run(argv.split(' '));
    const lines = await record.lines();
    const received = new Map(server.delivered.map((body) => JSON.parse(body)).map((event) => [event.id, event]));

    expect(code).toBe(0);
    expect(lines.map(({ seq }) => seq)).toEqual(Array.from({ length: 400 }, (_, index) => index + 1));
    for (const line of lines) {
      expect(received.get(line.eventId)).toMatchObject({ detail: line.detail, time: `${line.time.slice(0, 19)}Z` });
    }

    const distinct = lines.filter(({ duplicateOf }) => duplicateOf === undefined);
    const contents = new Set(server.delivered.map((body) => JSON.stringify(JSON.parse(body).detail)));
    expect(distinct).toHaveLength(381);
    expect(contents.size).toBe(381);
    expect(distinct.filter(({ kind }) => kind === 'invalid')).toHaveLength(8);
    for (const { duplicateOf, detail, time } of lines) {
      if (duplicateOf !== undefined) expect(lines[duplicateOf - 1]).toMatchObject({ seq: duplicateOf, detail, time });
    }
    expect(out).toContain('sent 400 entries: 373 valid, 8 invalid, 19 duplicates');
    expect(out).toContain('refused by PutEvents: 0');
    expect(out).toMatch(/CounterThreshold +\d+ +\d+/);
  });

  test('sends the same events again for the same seed and start', async () => {
    const server = await startServer();
    const argv = `--rate 100 --seconds 1 --seed 3 --start 2026-03-14T09:26:53Z --endpoint ${server.endpoint}`;
    await run(argv.split(' '));
    await run(argv.split(' '));
    expect(server.delivered).toHaveLength(200);
    expect(new Set(server.delivered.map((body) => JSON.stringify(JSON.parse(body).detail))).size).toBe(100);
  });

  test('ends with code 1 when entries stay refused, and says why', async () => {
    const server = await startServer();
    const { out, code } = await run(['--rate', '20', '--seconds', '1', '--bus', 'other', '--endpoint', server.endpoint]);
    expect(code).toBe(1);
    expect(out).toContain('refused by PutEvents: 20');
    expect(out).toContain(
      '20 x ResourceNotFoundException: Event bus other does not exist. The one event bus here is totogi-notifications.',
    );
  });

  test('ends with code 1 and one sentence when nothing listens', async () => {
    const server = await startEventBridge();
    await server.close();
    const { error, code } = await run(['--endpoint', server.endpoint]);
    expect(code).toBe(1);
    expect(error.trim()).toMatch(
      /^Cannot reach EventBridge at http:\/\/127\.0\.0\.1:\d+ \(.*ECONNREFUSED.*\)\. Is `npm start` running\? .*$/,
    );
  });

  test('ends with code 1 and the same sentence when what listens is no EventBridge', async () => {
    const server = createServer((_, response) => response.writeHead(404, { 'content-type': 'text/html' }).end('<h1>Not found</h1>'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const { error, code } = await run(['--endpoint', `http://127.0.0.1:${(server.address() as AddressInfo).port}`]);
    expect(code).toBe(1);
    expect(error.trim()).toMatch(/^Cannot reach EventBridge at .*\. Is `npm start` running\? .*$/);
  });

  test('ends at Ctrl-C with the summary of what was sent', async () => {
    const requested = Promise.withResolvers<void>();
    const server = await startServer({
      alter: (_, reply) => {
        requested.resolve();
        return reply;
      },
    });
    const { out, code } = await run(['--rate', '5', '--seconds', '600', '--endpoint', server.endpoint], { interruptOn: requested.promise });
    expect(code).toBe(130);
    expect(out).toContain(`sent ${server.delivered.length} entries`);
  });

  test.each([
    ['a wrong option', ['--rate', 'fast'], '--rate takes a number from 0.1 to 5000, not "fast". All options: npm run emulate -- --help'],
    ['a record file that cannot be written', ['--record', '/no/such/folder/file'], '--record: the file cannot be written'],
  ])('ends with code 2 for %s', async (_claim, argv, message) => {
    const { error, code } = await run(argv);
    expect(code).toBe(2);
    expect(error).toContain(message);
  });

  test('explains itself', async () => {
    const { out, code } = await run(['--help']);
    expect(code).toBe(0);
    expect(out).toContain('--duplicates P%');
  });
});
