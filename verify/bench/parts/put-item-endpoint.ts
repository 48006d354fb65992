import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { itemBytes, writeUnitsOf } from '../cost/item-size.ts';

export type PutItemEndpoint = {
  url: string;
  /** By operation, since the last `forget`. */
  calls: Map<string, number>;
  /** The units of all writes since then, in the table and, for indexed items, in the index. Throws if some were not weighed. */
  writeUnits(): number;
  /** The average size as DynamoDB's JSON of the items weighed since the last `forget`. */
  meanItemBytes(): number;
  forget(): void;
  close(): Promise<void>;
};

/**
 * Accepts every write at once and returns nothing but configurations. It costs almost nothing, so that only the client is measured.
 *
 * @param maxWeighed weigh this many items and then only accept, which costs even less.
 */
export async function startPutItemEndpoint(maxWeighed = Number.POSITIVE_INFINITY): Promise<PutItemEndpoint> {
  const configurations = new Map<string, unknown>();
  const seen: Seen = { calls: new Map(), weights: [], writeUnits: 0, maxWeighed, unweighed: 0 };
  const server = createServer(async (request, response) => {
    const operation = String(request.headers['x-amz-target']).split('.').at(-1) ?? '';
    const body = await textOf(request);
    const answer = answerTo(operation, body, configurations, seen);
    response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0', 'content-length': answer.length }).end(answer);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    calls: seen.calls,
    writeUnits() {
      if (seen.unweighed > 0) throw new Error(`${seen.unweighed} writes were not weighed.`);
      return seen.writeUnits;
    },
    meanItemBytes: () => Math.round(seen.weights.reduce((sum, bytes) => sum + bytes, 0) / seen.weights.length),
    forget() {
      seen.calls.clear();
      seen.weights.length = 0;
      seen.writeUnits = 0;
      seen.unweighed = 0;
    },
    close: () =>
      new Promise<void>((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}

type Seen = { calls: Map<string, number>; weights: number[]; writeUnits: number; maxWeighed: number; unweighed: number };

function answerTo(operation: string, body: string, configurations: Map<string, unknown>, seen: Seen): Buffer {
  seen.calls.set(operation, (seen.calls.get(operation) ?? 0) + 1);
  if (operation === 'GetItem') {
    const { Key } = JSON.parse(body);
    return Buffer.from(JSON.stringify({ Item: configurations.get(`${Key.pk.S} ${Key.sk.S}`) }));
  }
  // A transaction publishes a configuration, which does not count.
  if (operation === 'TransactWriteItems') {
    for (const { Put } of JSON.parse(body).TransactItems) {
      if (Put) configurations.set(`${Put.Item.pk.S} ${Put.Item.sk.S}`, Put.Item);
    }
    return Buffer.from('{}');
  }
  if (seen.weights.length >= seen.maxWeighed) {
    seen.unweighed += 1;
    return Buffer.from('{}');
  }
  const { Item } = JSON.parse(body);
  if (Item.pk.S.endsWith('#CONFIG')) configurations.set(`${Item.pk.S} ${Item.sk.S}`, Item);
  const units = writeUnitsOf(itemBytes(Item));
  seen.writeUnits += 'timeline' in Item ? 2 * units : units;
  if ('timeline' in Item) seen.weights.push(Buffer.byteLength(JSON.stringify(Item)));
  return Buffer.from('{}');
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}
