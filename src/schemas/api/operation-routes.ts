import * as z from 'zod';
import { UNKNOWN_TENANT } from '../../platform/reserved-tenants.ts';
import { ULID_PATTERN } from '../../platform/ulid.ts';
import { DiscardRequest, QuarantinedEvent, QuarantinedOriginal, RedriveRequest } from '../operations/quarantined-event.ts';
import { RangePageQuery } from './list-query.ts';
import { listOf, NoQuery, type Route, TenantOrAll } from './route.ts';

const quarantinedExample: z.input<typeof QuarantinedEvent> = {
  id: '01KQH8TQ9E5V3S0F7J2C8D4B6N',
  tenant: 'mvno-aurora',
  reason: 'invalid',
  faults: [{ path: 'detail.eventdata.accountid', expected: 'text, or a whole number below 2^53', received: 'nothing' }],
  envelopeId: '6a7e8feb-b491-4cf7-a9f1-bf3703467718',
  receivedAt: '2026-05-01T08:00:09.112Z',
  state: 'quarantined',
  redrives: 0,
};

const QuarantinedPath = z.object({
  tenant: TenantOrAll,
  id: z
    .string()
    .regex(ULID_PATTERN, 'the id of an event in quarantine: a ULID of 26 characters')
    .meta({ param: { example: quarantinedExample.id } }),
});

const QUARANTINED_PATH = '/v1/tenants/{tenant}/quarantine/{id}';
const NOT_IN_QUARANTINE = 'No quarantined event with this ID exists.';
const correctedExample: z.input<typeof RedriveRequest> = {
  detail: {
    providerid: 'mvno-aurora',
    eventdata: { accountid: 'acc-2001', notificationinformation: { name: 'PlanExpired', state: 'expired' } },
  },
};
const originalExample = '{"providerid":"mvno-aurora","eventdata":{"notificationinformation":{"name":"PlanExpired","state":"expired"}}}';

export const OPERATION_ROUTES = {
  listQuarantine: {
    method: 'GET',
    path: '/v1/tenants/{tenant}/quarantine',
    servedBy: 'lookup-api',
    scope: 'operations',
    summary: 'List quarantined events',
    description: `Each event has its faults. Events without a usable tenant belong to the reserved tenant \`${UNKNOWN_TENANT}\`.`,
    pathParameters: z.object({ tenant: TenantOrAll }),
    query: RangePageQuery,
    reply: listOf(QuarantinedEvent),
    replies: 'A page of quarantined events',
    examples: { reply: { data: [quarantinedExample], next: null } },
  },
  getQuarantined: {
    method: 'GET',
    path: QUARANTINED_PATH,
    servedBy: 'operations-api',
    scope: 'operations',
    summary: 'Show a quarantined event',
    description: 'Shows every fault, the original content and the state.',
    pathParameters: QuarantinedPath,
    query: NoQuery,
    reply: QuarantinedOriginal,
    replies: 'The event',
    problems: { 404: NOT_IN_QUARANTINE },
    examples: { reply: { ...quarantinedExample, original: originalExample, originalIs: 'detail', originalIsCut: false } },
  },
  redriveQuarantined: {
    method: 'POST',
    path: `${QUARANTINED_PATH}/redrive`,
    servedBy: 'operations-api',
    scope: 'operations',
    summary: 'Redrive a quarantined event',
    description:
      'After a fix, or with a corrected detail, which must be valid and name this tenant. The `state` shows the result: `redriven`, then `resolved` when the event is recorded, or `quarantined` again with its faults. May be repeated: the content is recorded once.',
    pathParameters: QuarantinedPath,
    query: NoQuery,
    body: RedriveRequest,
    bodyIsOptional: true,
    reply: QuarantinedEvent,
    replies: 'The event in its current state',
    problems: { 404: NOT_IN_QUARANTINE, 409: 'The event was discarded, or another redrive is running or has resolved it.' },
    examples: {
      body: correctedExample,
      reply: { ...quarantinedExample, state: 'redriven', redrives: 1, redrivenAt: '2026-05-01T09:30:00.000Z' },
    },
  },
  discardQuarantined: {
    method: 'POST',
    path: `${QUARANTINED_PATH}/discard`,
    servedBy: 'operations-api',
    scope: 'operations',
    summary: 'Discard a quarantined event',
    description: 'The event is kept with the reason. May be repeated with the same reason.',
    pathParameters: QuarantinedPath,
    query: NoQuery,
    body: DiscardRequest,
    reply: QuarantinedEvent,
    replies: 'The event in its current state',
    problems: { 404: NOT_IN_QUARANTINE, 409: 'The event was discarded for another reason, or is redriven.' },
    examples: {
      body: { reason: 'A test event of the charging team' },
      reply: {
        ...quarantinedExample,
        state: 'discarded',
        discardedAt: '2026-05-01T09:30:00.000Z',
        discardReason: 'A test event of the charging team',
      },
    },
  },
} as const satisfies Record<string, Route>;
