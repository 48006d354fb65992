import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SNSClient } from '@aws-sdk/client-sns';
import { afterEach, expect, test } from 'vitest';
import { openSmsChannel } from '../../src/channels/sms.ts';

const sms = { to: '+14155550100', text: 'Example: hello', senderId: 'EXAMPLE' };
let server: Server | undefined;

afterEach(() => {
  server?.closeAllConnections();
  server?.close();
  server = undefined;
});

/** A carrier that answers as told, and what it was asked. The AWS SDK finds it as it finds AWS. */
async function carrier(answer: (response: ServerResponse) => void): Promise<URLSearchParams[]> {
  const asked: URLSearchParams[] = [];
  server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    asked.push(new URLSearchParams(Buffer.concat(chunks).toString()));
    answer(response);
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  pointAt((server.address() as AddressInfo).port);
  return asked;
}

function pointAt(port: number): void {
  process.env.AWS_ENDPOINT_URL_SNS = `http://127.0.0.1:${port}`;
  process.env.AWS_REGION = 'us-east-1';
  process.env.AWS_ACCESS_KEY_ID = 'test';
  process.env.AWS_SECRET_ACCESS_KEY = 'test';
}

const answers = (status: number, body: string) => (response: ServerResponse) =>
  response.writeHead(status, { 'content-type': 'text/xml' }).end(body);
const error = (code: string) =>
  `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>about ${sms.to}</Message></Error></ErrorResponse>`;

test('an accepted text has the id that the carrier gave it, and was asked for as a transactional one', async () => {
  const asked = await carrier(answers(200, '<PublishResponse><PublishResult><MessageId>m-1</MessageId></PublishResult></PublishResponse>'));
  expect(await openSmsChannel().send(sms)).toEqual({ outcome: 'accepted', providerMessageId: 'm-1' });
  expect(asked).toHaveLength(1);
  expect(Object.fromEntries(asked[0] ?? [])).toMatchObject({ Action: 'Publish', PhoneNumber: sms.to, Message: sms.text });
  expect([...(asked[0]?.values() ?? [])]).toEqual(
    expect.arrayContaining(['AWS.SNS.SMS.SMSType', 'Transactional', 'AWS.SNS.SMS.SenderID', 'EXAMPLE']),
  );
});

test.each([
  [400, 'InvalidParameter', 'failed', 'InvalidParameterException'],
  [400, 'Throttling', 'failed', 'Throttling'],
  [403, 'AuthorizationError', 'failed', 'AuthorizationErrorException'],
  [500, 'InternalError', 'unknown', 'InternalErrorException'],
  [503, 'ServiceUnavailable', 'unknown', 'ServiceUnavailable'],
])('an answer of %d %s is %s, asked for once, and its reason holds no number', async (status, code, outcome, reason) => {
  const asked = await carrier(answers(status, error(code)));
  expect(await openSmsChannel().send(sms)).toEqual({ outcome, reason });
  expect(asked).toHaveLength(1);
});

test('a connection that breaks off, or an answer that does not come, is unknown', async () => {
  const asked = await carrier((response) => response.destroy());
  expect(await openSmsChannel().send(sms)).toMatchObject({ outcome: 'unknown' });
  const silent = await carrier(() => undefined);
  const impatient = new SNSClient({ maxAttempts: 1, requestHandler: { requestTimeout: 50, throwOnRequestTimeout: true } });
  expect(await openSmsChannel(impatient).send(sms)).toEqual({ outcome: 'unknown', reason: 'TimeoutError' });
  expect([asked.length, silent.length]).toEqual([1, 1]);
});

test('a carrier that cannot be reached has sent nothing', async () => {
  pointAt(1);
  expect(await openSmsChannel().send(sms)).toEqual({ outcome: 'failed', reason: 'ECONNREFUSED' });
});
