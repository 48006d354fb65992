import * as z from 'zod';
import { ULID_PATTERN } from '../../platform/ulid.ts';
import { IdempotencyKey, Replay, ReplayRequest } from '../operations/replay.ts';
import { NoQuery, type Route, Tenant, TenantPath } from './route.ts';

const requestExample: z.input<typeof ReplayRequest> = {
  from: '2026-05-01T00:00:00Z',
  to: '2026-05-02T00:00:00Z',
  types: ['OutOfCredit'],
  dryRun: true,
};

const replayExample: z.input<typeof Replay> = {
  id: '01KQH9M2ZC6W8Y4T1R3P5N7K9D',
  tenant: 'mvno-aurora',
  from: '2026-05-01T00:00:00.000Z',
  to: '2026-05-02T00:00:00.000Z',
  types: ['OutOfCredit'],
  dryRun: true,
  state: 'counting',
  createdAt: '2026-05-02T08:00:00.000Z',
  byType: {},
  done: 0,
  total: null,
  started: {},
  skipped: {},
};

export const REPLAY_ROUTES = {
  startReplay: {
    method: 'POST',
    path: '/v1/tenants/{tenant}/replays',
    servedBy: 'operations-api',
    scope: 'operations',
    summary: 'Start a replay',
    description:
      'Starts runs that were decided and never started, and decides again about events that started nothing, with the current configuration and time. Sends nothing twice, and nothing about old events. A dry run, unless `dryRun` is false.',
    pathParameters: TenantPath,
    query: NoQuery,
    headers: z.object({ 'idempotency-key': IdempotencyKey }),
    body: ReplayRequest,
    status: 202,
    reply: Replay,
    replies: 'The replay, which continues by itself',
    problems: { 409: 'The idempotency key was used for a different replay, or ten replays of the tenant are open, dry runs included.' },
    examples: { body: requestExample, reply: replayExample },
  },
  getReplay: {
    method: 'GET',
    path: '/v1/tenants/{tenant}/replays/{id}',
    servedBy: 'operations-api',
    scope: 'operations',
    summary: 'Get the progress of a replay',
    pathParameters: z.object({
      tenant: Tenant,
      id: z
        .string()
        .regex(ULID_PATTERN, 'the id of a replay: a ULID of 26 characters')
        .meta({ param: { example: replayExample.id } }),
    }),
    query: NoQuery,
    reply: Replay,
    replies: 'The replay',
    problems: { 404: 'No replay with this ID exists.' },
    examples: {
      reply: {
        ...replayExample,
        state: 'done',
        finishedAt: '2026-05-02T08:00:04.000Z',
        byType: { OutOfCredit: 12 },
        done: 12,
        total: 12,
        started: { 'credit-alert': 9 },
        skipped: { 'already-run': 3 },
      },
    },
  },
} as const satisfies Record<string, Route>;
