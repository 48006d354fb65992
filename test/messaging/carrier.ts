import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import type { Channel } from '../../src/schemas/message/channel.ts';

const VARIABLES: Record<Channel, string> = { sms: 'AWS_ENDPOINT_URL_SNS', email: 'AWS_ENDPOINT_URL_SES' };

/** A carrier that answers as told, and the forms it was sent. The AWS SDK finds it as it finds AWS. */
export async function openCarrier(channel: Channel, answer: (response: ServerResponse) => void): Promise<URLSearchParams[]> {
  const asked: URLSearchParams[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    asked.push(new URLSearchParams(Buffer.concat(chunks).toString()));
    answer(response);
  });
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  pointAt(channel, (server.address() as AddressInfo).port);
  return asked;
}

/** Sends what goes to a channel's carrier to a port of this machine. */
export function pointAt(channel: Channel, port: number): void {
  process.env[VARIABLES[channel]] = `http://127.0.0.1:${port}`;
  process.env.AWS_REGION = 'us-east-1';
  process.env.AWS_ACCESS_KEY_ID = 'test';
  process.env.AWS_SECRET_ACCESS_KEY = 'test';
}

/** Answers in AWS's query protocol. */
export const answers = (status: number, body: string) => (response: ServerResponse) =>
  response.writeHead(status, { 'content-type': 'text/xml' }).end(body);

export const acceptance = (channel: Channel, messageId: string) => {
  const action = channel === 'sms' ? 'Publish' : 'SendRawEmail';
  return answers(200, `<${action}Response><${action}Result><MessageId>${messageId}</MessageId></${action}Result></${action}Response>`);
};

export const refusal = (status: number, code: string, about: string) =>
  answers(status, `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>about ${about}</Message></Error></ErrorResponse>`);
