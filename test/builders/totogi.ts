import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Clock, createClock } from '../../local/clock.ts';
import { openHttpServer, sendReply } from '../../local/http-server.ts';
import { openState } from '../../local/state.ts';
import { createTotogi, type LocalTotogi } from '../../local/totogi/totogi.ts';
import { TenantConfiguration } from '../../src/schemas/configuration/tenant-configuration.ts';
import { createTotogiClient, type TenantTotogi } from '../../src/totogi/client.ts';

/** The local Totogi by itself, with its controls. */
export type TestTotogi = {
  /** What `TOTOGI_URL` is. */
  url: string;
  clock: Clock;
  totogi: LocalTotogi;
  /** Calls a route under `/local/totogi/`; with a body it is a POST. */
  control(path: string, body?: object, method?: string): Promise<Record<string, unknown>>;
  /** A client of its own, of the tenant `mvno-example`. */
  client(options?: { deadlineMilliseconds?: number; secret?: string }): TenantTotogi;
  /** Ends every connection and answers none from now on. */
  stop(): Promise<void>;
  close(): Promise<void>;
};

/** Starts the local Totogi on a free port, with an empty state. */
export async function openTestTotogi(given?: Clock): Promise<TestTotogi> {
  const directory = mkdtempSync(join(tmpdir(), 'totogi-stand-in-'));
  const state = openState(directory);
  const clock = given ?? createClock(state);
  const totogi = createTotogi({ state, clock });
  const server = await openHttpServer({ port: 0, variable: 'PORT' });
  server.serve(async (request, response) => {
    const path = (request.url ?? '/').split('?')[0] ?? '/';
    const route = totogi.routes[path]?.[request.method ?? 'GET'];
    if (route) sendReply(response, await route(request));
    else await totogi.handle(request, response, path);
  });
  const address = `http://127.0.0.1:${server.port}`;
  const url = `${address}/local/totogi`;
  let isOpen = true;
  const stop = async () => {
    if (isOpen) await server.close();
    isOpen = false;
  };
  return {
    url,
    clock,
    totogi,
    async control(path, body, method = body ? 'POST' : 'GET') {
      const response = await fetch(`${url}${path}`, { method, ...(body && { body: JSON.stringify(body) }) });
      const reply = (await response.json()) as Record<string, unknown>;
      if (!response.ok) throw new Error(`${response.status}: ${JSON.stringify(reply)}`);
      return reply;
    },
    client({ deadlineMilliseconds = 2_000, secret = '{"key": "local", "secret": "local"}' } = {}) {
      const readSecret = async () => secret;
      const opened = createTotogiClient({ readSecret, now: clock.now, stage: 'test', url, deadlineMilliseconds });
      const configuration = TenantConfiguration.parse({ tenant: 'mvno-example', name: 'Example', totogi: { region: 'us-east-1' } });
      const tenant = opened.forTenant(configuration);
      if (!tenant) throw new Error('The tenant is configured for Totogi.');
      return tenant;
    },
    stop,
    async close() {
      await stop();
      totogi.close();
      state.close();
      rmSync(directory, { recursive: true });
    },
  };
}
