import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { SESClient, SendEmailCommand, SendRawEmailCommand } from '@aws-sdk/client-ses';
import { PublishCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { expect, onTestFinished, test } from 'vitest';
import { createAwsEndpoint } from '../../local/aws-endpoint.ts';
import { createClock } from '../../local/clock.ts';
import { startDatabase } from '../../local/database/database.ts';
import { connectDatabase, ensureTable, type TableDefinition } from '../../local/database/table.ts';
import { openHttpServer } from '../../local/http-server.ts';
import { createOutbox } from '../../local/outbox/outbox.ts';
import { createSes } from '../../local/outbox/ses.ts';
import { createSns } from '../../local/outbox/sns.ts';
import { createSqs } from '../../local/queue/sqs.ts';
import { temporaryDirectory } from './temporary-directory.ts';
import { temporaryState } from './temporary-state.ts';

const tableName = 'totogi-notifications-local';
const now = Date.parse('2026-11-20T10:00:00Z');

const definition: TableDefinition = {
  TableName: tableName,
  BillingMode: 'PAY_PER_REQUEST',
  AttributeDefinitions: [
    { AttributeName: 'pk', AttributeType: 'S' },
    { AttributeName: 'sk', AttributeType: 'S' },
  ],
  KeySchema: [
    { AttributeName: 'pk', KeyType: 'HASH' },
    { AttributeName: 'sk', KeyType: 'RANGE' },
  ],
};

/** The endpoint over a database and an outbox of its own, with the real clients; `puts` holds what PutEvents was given. */
async function startEndpoint() {
  const database = await startDatabase(temporaryDirectory());
  onTestFinished(database.close);
  const table = connectDatabase({ port: database.port, region: 'us-east-1' });
  await ensureTable(table, definition);
  const state = temporaryState();
  const outbox = createOutbox({ state, client: table, tableName });
  const puts: unknown[] = [];
  const server = await openHttpServer({ port: 0, variable: 'AWS_PORT' });
  onTestFinished(server.close);
  server.serve(
    createAwsEndpoint({
      putEvents: (body, caller) => {
        puts.push({ body, caller });
        return { status: 200, body: { FailedEntryCount: 0, Entries: [{ EventId: 'event-1' }] } };
      },
      lambda: async () => undefined,
      sns: createSns({ outbox, now: () => now }),
      ses: createSes({ outbox, now: () => now }),
      sts: () => undefined,
      sqs: createSqs({ state, clock: createClock(state), queues: [] }),
      dynamoDbPort: database.port,
    }),
  );
  const endpoint = `http://127.0.0.1:${server.port}`;
  const config = { endpoint, region: 'us-east-1', credentials: { accessKeyId: '266643203619', secretAccessKey: 'any' }, maxAttempts: 1 };
  return { endpoint, config, port: server.port, outbox, puts, table };
}

test('an event that is put arrives with the access key id of its caller', async () => {
  const { config, puts } = await startEndpoint();
  const Entries = [{ EventBusName: 'totogi-notifications', Source: 'totogi', DetailType: 'notification', Detail: '{}' }];

  const reply = await new EventBridgeClient(config).send(new PutEventsCommand({ Entries }));

  expect(reply.Entries).toEqual([{ EventId: 'event-1' }]);
  expect(puts).toEqual([{ body: { Entries }, caller: { accessKeyId: '266643203619' } }]);
});

test('DynamoDB is reached through the same address', async () => {
  const { port } = await startEndpoint();
  const client = connectDatabase({ port, region: 'us-east-1' });
  const text = 'long '.repeat(20_000);

  await client.send(new PutCommand({ TableName: tableName, Item: { pk: 'a', sk: 'b', text } }));

  expect((await client.send(new GetCommand({ TableName: tableName, Key: { pk: 'a', sk: 'b' } }))).Item).toEqual({ pk: 'a', sk: 'b', text });
});

test('a table that is there is left as it is, and one with other keys is refused', async () => {
  const { table } = await startEndpoint();
  await ensureTable(table, definition);
  const other = { ...definition, KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' as const }] };
  await expect(ensureTable(table, other)).rejects.toThrow('delete the state folder');
});

test('a text that is sent stands in the outbox, and is joined with its message record as soon as there is one', async () => {
  const { config, outbox, table } = await startEndpoint();
  const text = 'Only 10 % left & going: <now> ü';

  const { MessageId = '' } = await new SNSClient(config).send(new PublishCommand({ PhoneNumber: '+447700900123', Message: text }));

  const sent = { channel: 'sms', to: '+447700900123', text, at: '2026-11-20T10:00:00.000Z' };
  expect(await outbox.read()).toEqual([{ ...sent, tenant: null, account: null, eventId: null, template: null }]);

  const origin = { tenant: 'mvno-aurora', account: 'a-1', eventId: '01J', template: 'low-allowance' };
  const target = { pk: 'TENANT#mvno-aurora#ACCOUNT#a-1', sk: 'MESSAGE#01J#low-allowance#send-text' };
  const lookup = {
    pk: `LOOKUP#receipt#${createHash('sha256').update(MessageId).digest('hex')}`,
    sk: 'TARGET',
    targetPk: target.pk,
    targetSk: target.sk,
  };
  for (const Item of [lookup, { ...target, ...origin, state: 'accepted' }])
    await table.send(new PutCommand({ TableName: tableName, Item }));

  expect(await outbox.read()).toEqual([{ ...sent, ...origin }]);
  expect(await outbox.read()).toEqual([{ ...sent, ...origin }]);
});

test('the outbox reads more messages than one database call can join, oldest first', async () => {
  const { outbox } = await startEndpoint();
  for (let index = 0; index < 250; index += 1)
    outbox.add({ messageId: `message-${index}`, channel: 'sms', to: '+447700900123', text: String(index), at: '2026-11-20T10:00:00.000Z' });
  expect((await outbox.read()).map((entry) => Number(entry.text))).toEqual(Array.from({ length: 250 }, (_, index) => index));
});

test.each([
  {
    title: 'a national phone number',
    input: { PhoneNumber: '07700900123', Message: 'x' },
    message: '07700900123 is not valid to publish to',
  },
  { title: 'an empty message', input: { PhoneNumber: '+447700900123', Message: '' }, message: 'Empty message' },
  {
    title: 'a message of 1,601 characters',
    input: { PhoneNumber: '+447700900123', Message: 'x'.repeat(1_601) },
    message: 'Message too long',
  },
  { title: 'a topic', input: { TopicArn: 'arn:aws:sns:us-east-1:000000000000:topic', Message: 'x' }, message: 'phone numbers only' },
])('$title is refused as SNS refuses it', async ({ input, message }) => {
  const { config, outbox } = await startEndpoint();

  const publishing = new SNSClient(config).send(new PublishCommand(input));

  await expect(publishing).rejects.toMatchObject({ name: 'InvalidParameterException', message: expect.stringContaining(message) });
  expect(await outbox.read()).toEqual([]);
});

const lines = (...all: string[]) => Buffer.from(all.join('\r\n'));
const mail = lines(
  'From: Aurora <care@aurora.example>',
  'To: ada@example.com',
  'Subject: =?utf-8?Q?Tu_plan_se_acab=C3=B3?=',
  'Content-Type: multipart/alternative; boundary=b',
  '',
  '--b',
  'Content-Type: text/plain; charset=utf-8',
  '',
  'Tu plan ha terminado.',
  '--b',
  'Content-Type: text/html; charset=utf-8',
  '',
  '<p>Tu plan ha terminado.</p>',
  '--b--',
  '',
);

test('a mail that is sent stands in the outbox as its reader sees it', async () => {
  const { config, outbox } = await startEndpoint();
  const command = new SendRawEmailCommand({ Destinations: ['ada@example.com'], RawMessage: { Data: mail } });

  expect(await new SESClient(config).send(command)).toMatchObject({ MessageId: expect.stringMatching(/./) });

  const words = { subject: 'Tu plan se acabó', text: 'Tu plan ha terminado.', html: '<p>Tu plan ha terminado.</p>' };
  const unknown = { tenant: null, account: null, eventId: null, template: null };
  expect(await outbox.read()).toEqual([{ channel: 'email', to: 'ada@example.com', ...words, ...unknown, at: '2026-11-20T10:00:00.000Z' }]);
});

test.each([
  {
    title: 'without a sender',
    input: { Destinations: ['ada@example.com'], RawMessage: { Data: lines('Subject: x', '', 'x') } },
    message: "'From'",
  },
  { title: 'to nobody', input: { RawMessage: { Data: mail } }, message: 'destination' },
  { title: 'to an address in Unicode', input: { Destinations: ['ña@example.com'], RawMessage: { Data: mail } }, message: 'ASCII' },
])('a mail $title is refused as SES refuses it', async ({ input, message }) => {
  const { config, outbox } = await startEndpoint();

  const sending = new SESClient(config).send(new SendRawEmailCommand(input));

  await expect(sending).rejects.toMatchObject({ name: 'InvalidParameterValue', message: expect.stringContaining(message) });
  expect(await outbox.read()).toEqual([]);
});

test('what is not served is refused in the words of its protocol, naming what is', async () => {
  const { config, endpoint } = await startEndpoint();
  const subscribing = new SNSClient(config).send(
    new SubscribeCommand({ TopicArn: 'arn:aws:sns:us-east-1:000000000000:t', Protocol: 'sms' }),
  );
  await expect(subscribing).rejects.toThrow('The local SNS knows Publish');
  const simple = {
    Source: 'a@example.com',
    Destination: { ToAddresses: ['b@example.com'] },
    Message: { Subject: { Data: 's' }, Body: {} },
  };
  await expect(new SESClient(config).send(new SendEmailCommand(simple))).rejects.toThrow('The local SES knows SendRawEmail');
  await expect(new LambdaClient(config).send(new ListFunctionsCommand({}))).rejects.toThrow('EventBridge PutEvents, DynamoDB, Lambda');

  const otherTarget = await fetch(endpoint, { method: 'POST', headers: { 'x-amz-target': 'AWSEvents.ListRules' }, body: '{}' });
  expect(await otherTarget.json()).toMatchObject({ __type: 'UnknownOperationException' });
  const otherService = await fetch(endpoint, { method: 'POST', body: new URLSearchParams({ Action: 'ListUsers', Version: '2010-05-08' }) });
  expect(await otherService.text()).toContain('<Code>InvalidAction</Code>');
});

test('malformed and oversized input is answered, and the endpoint stays up', async () => {
  const { endpoint } = await startEndpoint();
  const headers = { 'x-amz-target': 'AWSEvents.PutEvents' };
  const garbage = await fetch(endpoint, { method: 'POST', headers, body: '{"Entries":' });
  expect([garbage.status, await garbage.json()]).toMatchObject([400, { __type: 'SerializationException' }]);
  const large = await fetch(endpoint, { method: 'POST', headers, body: 'x'.repeat(9 * 1024 * 1024) });
  expect([large.status, await large.json()]).toMatchObject([413, { __type: 'RequestEntityTooLargeException' }]);
  expect((await fetch(endpoint, { method: 'POST', headers, body: '{}' })).status).toBe(200);
});

test.each(['//', '//host/path', 'http://elsewhere.example/path', '/2015-03-31/functions/%zz/invocations'])(
  'a request for %s is answered as one that is not served',
  async (path) => {
    const { port } = await startEndpoint();
    const asked = httpRequest({ port, host: '127.0.0.1', path, method: 'GET' });
    const [response] = (await once(asked.end(), 'response')) as [IncomingMessage];
    response.resume();
    expect(response.statusCode).toBe(404);
  },
);
