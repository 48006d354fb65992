import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { createPutEvents, type PutEventsReply } from '../../../local/event-bus/put-events.ts';

type Behaviour = {
  /** May answer in place of PutEvents: the number of the request (from 1) and what PutEvents would have answered. */
  alter?: (requestNumber: number, reply: PutEventsReply) => PutEventsReply | { status: 500; body: object };
};

/** PutEvents behind a real HTTP port, with one rule that takes everything; `delivered` grows with each accepted event's text. */
export async function startEventBridge({ alter = (_, reply) => reply }: Behaviour = {}) {
  const delivered: string[] = [];
  let requests = 0;
  const putEvents = createPutEvents({
    busName: 'totogi-notifications',
    busArn: 'arn:aws:events:us-east-1:000000000000:event-bus/totogi-notifications',
    region: 'us-east-1',
    defaultAccount: '266643203619',
    rules: [{ name: 'everything', matches: () => true, deliver: (body) => delivered.push(body) }],
    now: Date.now,
    newEventId: () => crypto.randomUUID(),
  });

  const server = createServer(async (request, response) => {
    const accessKeyId = /Credential=([^/]+)\//.exec(request.headers.authorization ?? '')?.[1];
    const { status, body } = alter(++requests, putEvents(JSON.parse(await text(request)), { accessKeyId }));
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;

  return {
    endpoint: `http://127.0.0.1:${port}`,
    delivered,
    close: () => new Promise((resolve) => server.close(resolve).closeAllConnections()),
  };
}
