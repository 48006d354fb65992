import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { describe, expect, onTestFinished, test } from 'vitest';
import { compilePattern } from '../../../local/event-bus/event-pattern.ts';
import { createPutEvents } from '../../../local/event-bus/put-events.ts';
import { startEventBridge } from './event-bridge-server.ts';

const receivedAt = Date.parse('2026-03-14T09:26:53.999Z');
const good = { Source: 'totogi.charging', DetailType: 'Notification', Detail: '{"a": 1}', EventBusName: 'totogi-notifications' };

function bus(pattern: unknown = { source: [{ exists: true }] }) {
  const delivered: string[] = [];
  let events = 0;
  const putEvents = createPutEvents({
    busName: 'totogi-notifications',
    busArn: 'arn:aws:events:us-east-1:000000000000:event-bus/totogi-notifications',
    region: 'us-east-1',
    defaultAccount: '266643203619',
    rules: [{ name: 'notifications', matches: compilePattern('notifications', pattern), deliver: (body) => delivered.push(body) }],
    now: () => receivedAt,
    newEventId: () => `event-${++events}`,
  });
  const put = (entries: unknown, accessKeyId?: string) => putEvents({ Entries: entries }, { accessKeyId });
  return { delivered, put, putEvents };
}

describe('an accepted entry', () => {
  test('is delivered as an EventBridge event, the detail in the sender’s own text', () => {
    const { delivered, put } = bus();
    const entry = { ...good, Detail: '{ "sk": 1653944105731336001, "n": 1.50 }', Time: 1773480412.117, Resources: ['arn:one'] };
    expect(put([entry])).toEqual({ status: 200, body: { FailedEntryCount: 0, Entries: [{ EventId: 'event-1' }] } });
    expect(delivered).toEqual([
      '{"version":"0","id":"event-1","detail-type":"Notification","source":"totogi.charging","account":"266643203619",' +
        '"time":"2026-03-14T09:26:52Z","region":"us-east-1","resources":["arn:one"],"detail":{ "sk": 1653944105731336001, "n": 1.50 }}',
    ]);
  });

  test.each([
    ['no time has the time of the call, in whole seconds', {}, { time: '2026-03-14T09:26:53Z' }],
    ['a time before the epoch keeps it', { Time: -1.5 }, { time: '1969-12-31T23:59:58Z' }],
    ['no resources has an empty list', {}, { resources: [] }],
    ['the bus by its ARN arrives', { EventBusName: 'arn:aws:events:us-east-1:000000000000:event-bus/totogi-notifications' }, {}],
  ])('with %s', (_claim, change, expected) => {
    const { delivered, put } = bus();
    put([{ ...good, ...change }]);
    expect(JSON.parse(delivered[0] ?? '')).toMatchObject(expected);
  });

  test.each([
    ['the caller’s access key id when that is 12 digits', '799148289882', '799148289882'],
    ['the default account for any other access key id', 'AKIAIOSFODNN7EXAMPLE', '266643203619'],
    ['the default account for 13 digits', '7991482898821', '266643203619'],
    ['the default account without credentials', undefined, '266643203619'],
  ])('comes from %s', (_claim, accessKeyId, account) => {
    const { delivered, put } = bus();
    put([good], accessKeyId);
    expect(JSON.parse(delivered[0] ?? '')).toMatchObject({ account });
  });

  test('that matches no rule is accepted and goes nowhere', () => {
    const { delivered, put } = bus({ account: ['799148289882'] });
    expect(put([good])).toMatchObject({ status: 200, body: { FailedEntryCount: 0, Entries: [{ EventId: 'event-1' }] } });
    expect(delivered).toEqual([]);
  });
});

describe('an entry is refused alone', () => {
  const required = (name: string) => ({
    ErrorCode: 'InvalidArgument',
    ErrorMessage: `Parameter ${name} is not valid. Reason: ${name} is a required argument.`,
  });
  const overlong = (name: string, maximum: number) => ({
    ErrorCode: 'InvalidArgument',
    ErrorMessage: `Parameter ${name} is not valid. Reason: ${name} is longer than ${maximum} characters.`,
  });
  const malformed = { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' };

  test.each([
    ['without source', { Source: undefined }, required('Source')],
    ['with an empty source', { Source: '' }, required('Source')],
    ['without detail type', { DetailType: undefined }, required('DetailType')],
    ['without detail', { Detail: undefined }, required('Detail')],
    ['for a detail that is no JSON', { Detail: '{' }, malformed],
    ['for a detail that is an array', { Detail: '[]' }, malformed],
    ['for a detail that is text', { Detail: '"{}"' }, malformed],
    ['for a detail that is null', { Detail: 'null' }, malformed],
    ['for a source over 256 characters', { Source: 'x'.repeat(257) }, overlong('Source', 256)],
    ['for a detail type over 128 characters', { DetailType: 'x'.repeat(129) }, overlong('DetailType', 128)],
    ['for a bus name over 1600 characters', { EventBusName: 'x'.repeat(1601) }, overlong('EventBusName', 1600)],
    ['for a resource over 2048 characters', { Resources: ['x', 'x'.repeat(2049)] }, overlong('Resources', 2048)],
  ])('%s', (_claim, change, error) => {
    const { delivered, put } = bus();
    const reply = put([good, { ...good, ...change }, good]);
    expect(reply).toEqual({
      status: 200,
      body: { FailedEntryCount: 1, Entries: [{ EventId: 'event-1' }, error, { EventId: 'event-2' }] },
    });
    expect(delivered).toHaveLength(2);
  });

  test.each([
    ['another', { EventBusName: 'other' }, 'Event bus other'],
    ['the default', { EventBusName: undefined }, 'Event bus default'],
  ])('when it names %s bus, with the name of the one there is', (_claim, change, named) => {
    const { put } = bus();
    expect(put([{ ...good, ...change }])).toMatchObject({
      body: {
        FailedEntryCount: 1,
        Entries: [
          {
            ErrorCode: 'ResourceNotFoundException',
            ErrorMessage: `${named} does not exist. The one event bus here is totogi-notifications.`,
          },
        ],
      },
    });
  });

  test('at the longest fields nothing is refused', () => {
    const { put } = bus();
    const longest = { ...good, Source: 'x'.repeat(256), DetailType: 'x'.repeat(128), Resources: ['x'.repeat(2048)] };
    expect(put([longest])).toMatchObject({ body: { FailedEntryCount: 0 } });
  });
});

describe('a whole request is refused', () => {
  const atEntries = (value: string, constraint: string) =>
    `1 validation error detected: Value ${value} at 'entries' failed to satisfy constraint: Member must ${constraint}`;
  const oneMegabyte = 1_048_576 - 'totogi.charging'.length - 'Notification'.length;
  const detailOf = (bytes: number) => `{"a":"${'x'.repeat(bytes - 8)}"}`;

  test.each([
    ['without entries', undefined, atEntries('null', 'not be null')],
    ['with an empty list', [], atEntries("'[]'", 'have length greater than or equal to 1')],
    ['with 11 entries', Array(11).fill(good), atEntries("'[11 entries]'", 'have length less than or equal to 10')],
    [
      'when one entry is over 1 MB',
      [{ ...good, Detail: detailOf(oneMegabyte + 1) }],
      'Total size of the entries in the request is over the limit.',
    ],
    [
      'when a time of 14 bytes makes it over 1 MB',
      [{ ...good, Detail: detailOf(oneMegabyte - 13), Time: 1 }],
      'Total size of the entries in the request is over the limit.',
    ],
    [
      'when all entries together are over 1 MB, counted in UTF-8',
      Array(2).fill({ ...good, Detail: `{"a":"${'é'.repeat(300_000)}"}` }),
      'Total size of the entries in the request is over the limit.',
    ],
  ])('%s', (_claim, entries, message) => {
    const { delivered, put } = bus();
    expect(put(entries)).toEqual({ status: 400, body: { __type: 'ValidationException', message } });
    expect(delivered).toEqual([]);
  });

  test('not at exactly 1 MB', () => {
    const { put } = bus();
    expect(put([{ ...good, Detail: detailOf(oneMegabyte) }])).toMatchObject({ status: 200, body: { FailedEntryCount: 0 } });
  });

  test.each([
    ['a body that is no object', 'x'],
    ['entries that are no list', { Entries: {} }],
    ['a time as text', { Entries: [{ ...good, Time: '2026-03-14T09:26:53Z' }] }],
    ['a source that is a number', { Entries: [{ ...good, Source: 5 }] }],
  ])('for %s', (_claim, body) => {
    const { putEvents } = bus();
    expect(putEvents(body, { accessKeyId: undefined })).toMatchObject({ status: 400, body: { __type: 'SerializationException' } });
  });
});

describe('the real SDK over HTTP', () => {
  test('puts events, reads entry errors, and throws what refuses the whole request', async () => {
    const server = await startEventBridge();
    onTestFinished(async () => void (await server.close()));
    const client = new EventBridgeClient({
      endpoint: server.endpoint,
      region: 'us-east-1',
      credentials: { accessKeyId: '799148289882', secretAccessKey: 'any' },
    });

    const reply = await client.send(
      new PutEventsCommand({
        Entries: [
          { ...good, Time: new Date('2026-03-14T09:26:52.117Z') },
          { ...good, Detail: '[]' },
        ],
      }),
    );
    expect(reply.FailedEntryCount).toBe(1);
    expect(reply.Entries).toEqual([
      { EventId: expect.any(String) },
      { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' },
    ]);
    expect(server.delivered.map((body) => JSON.parse(body))).toMatchObject([
      { id: reply.Entries?.[0]?.EventId, account: '799148289882', time: '2026-03-14T09:26:52Z', detail: { a: 1 } },
    ]);

    await expect(client.send(new PutEventsCommand({ Entries: [] }))).rejects.toMatchObject({
      name: 'ValidationException',
      message: expect.stringContaining("at 'entries' failed to satisfy constraint"),
    });
  });
});

test.each([
  [1_000, 0],
  [1_001, 1],
  [100_000, 1],
])('a detail of %d levels is refused %d times, and nothing breaks', (levels, refused) => {
  const { put } = bus();
  const Detail = `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;
  expect(put([{ ...good, Detail }])).toMatchObject({ status: 200, body: { FailedEntryCount: refused } });
});
