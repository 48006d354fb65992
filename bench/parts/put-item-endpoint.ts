import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

export type PutItemEndpoint = {
  url: string;
  /** How long an item is as DynamoDB's JSON, on average over the first ones that were put since it was told to forget. */
  meanItemBytes(): number;
  forget(): void;
  close(): Promise<void>;
};

const ITEMS_WEIGHED = 1_000;

/**
 * An address that takes every write at once and gives back none but configurations. It costs next to nothing, so that what is measured
 * is the client: the process that calls it.
 */
export async function startPutItemEndpoint(): Promise<PutItemEndpoint> {
  const configurations = new Map<string, unknown>();
  const weights: number[] = [];
  const server = createServer(async (request, response) => {
    const operation = String(request.headers['x-amz-target']).split('.').at(-1) ?? '';
    const body = await textOf(request);
    const answer = answerTo(operation, body, configurations, weights);
    response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0', 'content-length': answer.length }).end(answer);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    meanItemBytes: () => Math.round(weights.reduce((sum, bytes) => sum + bytes, 0) / weights.length),
    forget() {
      weights.length = 0;
    },
    close: () =>
      new Promise<void>((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}

function answerTo(operation: string, body: string, configurations: Map<string, unknown>, weights: number[]): Buffer {
  if (operation === 'GetItem') {
    const { Key } = JSON.parse(body);
    return Buffer.from(JSON.stringify({ Item: configurations.get(`${Key.pk.S} ${Key.sk.S}`) }));
  }
  if (weights.length < ITEMS_WEIGHED) {
    const { Item } = JSON.parse(body);
    if (Item.pk.S.endsWith('#CONFIG')) configurations.set(`${Item.pk.S} ${Item.sk.S}`, Item);
    else weights.push(Buffer.byteLength(JSON.stringify(Item)));
  }
  return Buffer.from('{}');
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}
