import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { EventBridgeClient, PutEventsCommand, type PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import { connectDatabase } from '../../local/database/table.ts';
import { publishConfiguration } from '../../tooling/configuration/publish-configuration.ts';
import { expectNoLeaks } from './personal-data.ts';

const START_TIMEOUT_MILLISECONDS = 90_000;
const PATIENCE_MILLISECONDS = 20_000;
/** Characters of what was seen last. */
const MAX_SHOWN = 10_000;
/** Only ends what hangs, before a test's own limit does. */
const DRAIN_TIMEOUT_SECONDS = 110;
/** Longer than the first pauses between tries of a step. */
const SOON_SECONDS = 5;
const TABLE = 'totogi-notifications-local';
const BUS = 'totogi-notifications';
const PROJECT = new URL('../../', import.meta.url);

export type OutboxMessage = {
  channel: string;
  to: string;
  text: string;
  tenant: string;
  account: string;
  eventId: string;
  template: string;
};
type List = { data: Record<string, unknown>[]; next: string | null };

/** The whole service as a process of its own, reached as a user reaches it. */
export type RunningService = {
  apiUrl: string;
  awsUrl: string;
  stateDirectory: string;
  put(entries: PutEventsRequestEntry[]): Promise<void>;
  read(tenant: string, path: string): Promise<Record<string, unknown>>;
  list(tenant: string, path: string): Promise<Record<string, unknown>[]>;
  write(tenant: string, path: string, body: unknown): Promise<Record<string, unknown>>;
  remove(tenant: string, path: string): Promise<void>;
  /** A POST, with whatever it is answered. */
  post(tenant: string, path: string, body?: unknown): Promise<{ status: number; body: Record<string, unknown> }>;
  outbox(): Promise<OutboxMessage[]>;
  /** What its clock says, as far as this object has moved it, in milliseconds. */
  now(): number;
  /** Waits until everything that is due is done, and steps that are soon retried. */
  drain(): Promise<void>;
  /** Moves the clock when what is due before is done. */
  advance(seconds: number): Promise<void>;
  /** What a look at the service shows when everything that is due is done. */
  settled<Shown>(look: () => Promise<Shown>, succeeds: (shown: Shown) => boolean): Promise<Shown>;
  /** Publishes the configuration in a folder. */
  publish(directory: string): Promise<void>;
  kill(): Promise<void>;
  /** Ends it with `kill -9`, and starts it again with its state, on the same ports. */
  restart(): Promise<void>;
  /** Ends it, looks through what it wrote down for personal data, and removes its state. */
  end(): Promise<number | null>;
};

/** Starts the service on free ports; a state folder given is the one of a service before. */
export async function runService(stateDirectory = mkdtempSync(join(tmpdir(), 'totogi-notifications-'))): Promise<RunningService> {
  const output: string[] = [];
  const start = (ports: Record<string, string>) => {
    const child = spawn(process.execPath, ['local/start.mjs'], {
      cwd: PROJECT,
      env: { ...process.env, ...ports, LOCAL_STATE: stateDirectory },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => output.push(String(chunk)));
    return child;
  };
  let child = start({ PORT: '0' });
  const printed = await addressesOf(child);
  let shiftMilliseconds = 0;
  const events = new EventBridgeClient({
    endpoint: printed.awsUrl,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  const tokens = new Map<string, string>();

  async function tokenOf(tenant: string): Promise<string> {
    const known = tokens.get(tenant);
    if (known) return known;
    const { token } = await json(`${printed.apiUrl}/local/token`, { method: 'POST', body: JSON.stringify({ tenant }) });
    tokens.set(tenant, String(token));
    return String(token);
  }

  async function read(tenant: string, path: string): Promise<Record<string, unknown>> {
    return json(`${printed.apiUrl}/v1/tenants/${tenant}${path}`, { headers: { authorization: `Bearer ${await tokenOf(tenant)}` } });
  }

  async function drain(withinSeconds = 0): Promise<void> {
    const query = `timeoutSeconds=${DRAIN_TIMEOUT_SECONDS}&withinSeconds=${withinSeconds}`;
    await json(`${printed.apiUrl}/local/drain?${query}`, { method: 'POST' });
  }

  async function kill(): Promise<void> {
    child.kill('SIGKILL');
    await exitOf(child);
  }

  return {
    ...printed,
    stateDirectory,
    read,
    now: () => Date.now() + shiftMilliseconds,
    drain: () => drain(SOON_SECONDS),
    async settled(look, succeeds) {
      await drain(SOON_SECONDS);
      const shown = await look();
      if (!succeeds(shown)) throw new Error(`With everything done, this is shown: ${JSON.stringify(shown).slice(0, MAX_SHOWN)}`);
      return shown;
    },
    async publish(directory) {
      const client = connectDatabase({ port: Number(new URL(printed.awsUrl).port), region: 'us-east-1' });
      try {
        await publishConfiguration({ directory, tableName: TABLE, client, now: () => Date.now() + shiftMilliseconds });
      } finally {
        client.destroy();
      }
    },
    async write(tenant, path, body) {
      const headers = { authorization: `Bearer ${await tokenOf(tenant)}`, 'content-type': 'application/json' };
      return json(`${printed.apiUrl}/v1/tenants/${tenant}${path}`, { method: 'PUT', headers, body: JSON.stringify(body) });
    },
    async remove(tenant, path) {
      const headers = { authorization: `Bearer ${await tokenOf(tenant)}` };
      const response = await fetch(`${printed.apiUrl}/v1/tenants/${tenant}${path}`, { method: 'DELETE', headers });
      if (!response.ok) throw new Error(`${response.status} from a DELETE: ${await response.text()}`);
    },
    async post(tenant, path, body) {
      const headers = { authorization: `Bearer ${await tokenOf(tenant)}`, 'content-type': 'application/json' };
      const content = body === undefined ? {} : { body: JSON.stringify(body) };
      const response = await fetch(`${printed.apiUrl}/v1/tenants/${tenant}${path}`, { method: 'POST', headers, ...content });
      return { status: response.status, body: (await response.json()) as Record<string, unknown> };
    },
    async put(entries) {
      for (let start = 0; start < entries.length; start += 10) {
        const batch = entries.slice(start, start + 10).map((entry) => ({ EventBusName: BUS, ...entry }));
        const { FailedEntryCount } = await events.send(new PutEventsCommand({ Entries: batch }));
        if (FailedEntryCount !== 0) throw new Error(`${FailedEntryCount} entries were refused.`);
      }
    },
    async list(tenant, path) {
      const all: Record<string, unknown>[] = [];
      for (let cursor = ''; ; ) {
        const page = (await read(tenant, `${path}?limit=100${cursor}`)) as List;
        all.push(...page.data);
        if (page.next === null) return all;
        cursor = `&cursor=${page.next}`;
      }
    },
    outbox: async () => (await json(`${printed.apiUrl}/local/outbox`)).data as OutboxMessage[],
    async advance(seconds) {
      // A token's life passes too.
      tokens.clear();
      await drain();
      await json(`${printed.apiUrl}/local/clock`, { method: 'POST', body: JSON.stringify({ advanceSeconds: seconds }) });
      shiftMilliseconds += seconds * 1_000;
    },
    kill,
    async restart() {
      await kill();
      child = start({ PORT: new URL(printed.apiUrl).port, AWS_PORT: new URL(printed.awsUrl).port });
      await addressesOf(child);
    },
    async end() {
      events.destroy();
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGINT');
      const code = await exitOf(child);
      expectNoLeaks(stateDirectory, output);
      rmSync(stateDirectory, { recursive: true, force: true });
      return code;
    },
  };
}

/** Waits until a look at the service shows what it should, and says what it showed last when it never does. */
export async function eventually<Shown>(
  look: () => Promise<Shown>,
  succeeds: (shown: Shown) => boolean,
  patienceMilliseconds = PATIENCE_MILLISECONDS,
): Promise<Shown> {
  const end = performance.now() + patienceMilliseconds;
  for (;;) {
    const shown = await look();
    if (succeeds(shown)) return shown;
    if (performance.now() > end) throw new Error(`It never came to be. Last seen: ${JSON.stringify(shown).slice(0, MAX_SHOWN)}`);
    await pause(50);
  }
}

async function json(url: string, init: RequestInit = {}): Promise<Record<string, unknown>> {
  const response = await fetch(url, init);
  const text = await response.text();
  if (!response.ok) throw new Error(`${response.status} from ${url}: ${text}`);
  return JSON.parse(text) as Record<string, unknown>;
}

function addressesOf(child: ChildProcess): Promise<{ apiUrl: string; awsUrl: string }> {
  return new Promise((resolve, reject) => {
    let printed = '';
    const timer = setTimeout(() => reject(new Error(`The service did not start: ${printed}`)), START_TIMEOUT_MILLISECONDS);
    const read = (chunk: Buffer) => {
      printed += String(chunk);
      const apiUrl = /API\s+(http:\S+)/.exec(printed)?.[1];
      const awsUrl = /AWS endpoint\s+(http:\S+)/.exec(printed)?.[1];
      if (apiUrl && awsUrl && printed.includes('Try:')) {
        clearTimeout(timer);
        resolve({ apiUrl, awsUrl });
      }
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    child.once('exit', (code) => reject(new Error(`The service ended with ${code}: ${printed}`)));
  });
}

function exitOf(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve(child.exitCode);
  return new Promise((resolve) => child.once('exit', (code) => resolve(code)));
}
