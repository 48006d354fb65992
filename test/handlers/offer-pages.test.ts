import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { type GetCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createHandler } from '../../src/handlers/offer-pages.ts';
import { issueLink } from '../../src/messaging/links.ts';
import { issueOffer } from '../../src/offers/issue-offer.ts';
import { findOffer } from '../../src/offers/offer-records.ts';
import type { Table } from '../../src/platform/table.ts';
import { offerKey } from '../../src/schemas/keys.ts';
import { published } from '../builders/configuration.ts';
import { lambdaContext } from '../builders/lambda.ts';
import { offer } from '../builders/offers.ts';
import { openTestTable, type TestTable } from '../builders/table.ts';
import { httpRequest } from '../cloudformation/minimal-events.ts';

const NOW = Date.parse('2026-05-01T08:01:00Z');
const FORM = 'application/x-www-form-urlencoded';

let opened: TestTable;
let round = 0;
beforeAll(async () => {
  opened = await openTestTable();
});
afterAll(() => opened.close());

/** As DynamoDB cancels a transaction while others write the same counters. */
function contendedTable(): Table {
  const send = async (command: unknown) => {
    if (!(command instanceof TransactWriteCommand)) return opened.table.client.send(command as GetCommand);
    const CancellationReasons = [{ Code: 'None' }, { Code: 'TransactionConflict' }];
    throw new TransactionCanceledException({ message: 'cancelled', $metadata: { httpStatusCode: 400 }, CancellationReasons });
  };
  return { ...opened.table, client: { ...opened.table.client, send } as unknown as Table['client'] };
}

async function post(type: string, body: string | undefined, tableOf = () => opened.table) {
  round += 1;
  const reference = { tenant: 'mvno-example', account: `acc-${round}`, offerId: '01K8XK9M3QZ5J6W7V8N9P0R1S2' };
  await issueOffer(opened.table, { ...reference, configuration: 'v-1' }, { offer: offer(), heldOut: false }, NOW - 60_000);
  const token = await issueLink(opened.table, { kind: 'offer', target: offerKey(reference) });
  const configuration = { ...published(), offers: [offer()] };
  const configurations = { current: async () => configuration, version: async () => configuration };
  const handler = createHandler({ table: tableOf(), configurations, completeCallback: async () => 'done' as const, now: () => NOW });
  const request = httpRequest({ route: 'POST /o/{token}', path: `/o/${token}`, pathParameters: { token } });
  const event = { ...request, headers: { 'content-type': type }, ...(body !== undefined && { body }) };
  const { statusCode, headers } = await handler(event as unknown as APIGatewayProxyEventV2, lambdaContext());
  return { statusCode, retryAfter: headers?.['retry-after'], state: (await findOffer(opened.table, reference))?.state };
}

test.each([
  ['answer=accept', 'accepted'],
  ['answer=decline', 'declined'],
])('the form %s is %s', async (body, state) => {
  expect(await post(`${FORM}; charset=utf-8`, body)).toEqual({ statusCode: 200, state });
});

test.each([
  ['another answer', FORM, 'answer=no'],
  ['another spelling', FORM, 'answer=Accept'],
  ['two answers', FORM, 'answer=accept&answer=decline'],
  ['the same answer twice', FORM, 'answer=accept&answer=accept'],
  ['no answer', FORM, 'answer='],
  ['an empty body', FORM, ''],
  ['no body', FORM, undefined],
  ['a form that is too long', FORM, `answer=accept&x=${'x'.repeat(1_000)}`],
  ['a multipart form', 'multipart/form-data; boundary=x', '--x\r\ncontent-disposition: form-data; name="answer"\r\n\r\ndecline\r\n--x--'],
  ['JSON', 'application/json', '{"answer":"accept"}'],
  ['a form under another type', 'text/plain', 'answer=accept'],
])('%s is refused with the page, and changes nothing', async (_what, type, body) => {
  expect(await post(type, body)).toEqual({ statusCode: 400, state: 'issued' });
});

test('an answer that other writers keep out is answered 503 with a time to retry, and changes nothing', async () => {
  expect(await post(FORM, 'answer=accept', contendedTable)).toEqual({ statusCode: 503, retryAfter: '2', state: 'issued' });
});
