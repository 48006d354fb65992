import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import * as z from 'zod';
import { BodyTooLarge, readBody } from '../http-server.ts';

type Callback = (error: unknown, value?: unknown) => void;
type Item = Record<string, unknown>;
type ItemStore = {
  lock(keys: string[], work: (release: (done: () => void) => () => void) => void): void;
  get(key: string, done: Callback): void;
  put(key: string, value: unknown, done: Callback): void;
  del(key: string, done: Callback): void;
};
type Store = {
  db: { batch(writes: Write[], done: Callback): void };
  getTable(name: string, done: (error: unknown, table: object) => void): void;
  getItemDb(table: string): ItemStore;
  getIndexDb(type: string, table: string, index: string): ItemStore;
};
type Write = { type: 'put'; key: string; value: unknown } | { type: 'del'; key: string };
type Cancellation = { statusCode: number; body: { __type: string; message: string } };
type Validation = { types: object; custom: unknown };

/** Internals of dynalite 4.0. The version is pinned, and the tests detect a change. */
const inside = createRequire(import.meta.resolve('dynalite'));
const database = inside('./db') as {
  create(options: object): Store;
  createKey(key: Item, table: object): string;
  checkConditional(request: object, item: unknown): Cancellation | null | undefined;
};
const validations = inside('./validations') as {
  checkTypes(request: object, types: object): object;
  checkValidations(request: object, types: object, custom: unknown, store: Store): void;
};

const KINDS = { Put: 'putItem', Update: 'updateItem', Delete: 'deleteItem', ConditionCheck: 'deleteItem' } as const;
type Kind = keyof typeof KINDS;

const Part = z.looseObject({
  TableName: z.string(),
  Key: z.record(z.string(), z.unknown()).optional(),
  Item: z.record(z.string(), z.unknown()).optional(),
});
const Request = z.object({
  TransactItems: z
    .array(z.partialRecord(z.enum(['Put', 'Update', 'Delete', 'ConditionCheck']), Part))
    .min(1)
    .max(100),
  ClientRequestToken: z.string().optional(),
});
type Reply = { status: number; body: object };

/** DynamoDB's limit, which dynalite enforces for the other operations. */
const MAX_BODY_BYTES = 16 * 1_024 * 1_024;

/** How long DynamoDB recognises a repeated token. */
const TOKEN_MILLISECONDS = 10 * 60_000;

let opened: Store | undefined;

/** Must run before dynalite opens its store. */
export function watchStore(): void {
  const create = database.create;
  database.create = (options) => {
    opened = create(options);
    return opened;
  };
}

/**
 * Adds TransactWriteItems, which dynalite lacks. dynalite's own code tries each part on a layer above the store, then one LevelDB batch
 * writes all of them or none.
 *
 * Transactions run one at a time and lock their items, so there is never a TransactionConflict. Cancellation reasons contain codes but no
 * items.
 */
export function answerTransactions(server: Server): void {
  const others = server.listeners('request') as ((request: IncomingMessage, response: ServerResponse) => void)[];
  const transact = oneByOne(onceByToken(runTransaction));
  server.removeAllListeners('request');
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    if (request.headers['x-amz-target'] !== 'DynamoDB_20120810.TransactWriteItems') {
      for (const answer of others) answer(request, response);
      return;
    }
    void readBody(request, MAX_BODY_BYTES)
      .then((body) => transact(JSON.parse(body.toString('utf8'))))
      .catch(replyToFailure)
      .then(({ status, body }) => response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' }).end(JSON.stringify(body)));
  });
}

function replyToFailure(error: unknown): Reply {
  if (error instanceof BodyTooLarge) return { status: 413, body: { __type: 'RequestEntityTooLargeException', message: error.message } };
  return { status: 500, body: { __type: 'InternalServerError', message: String(error) } };
}

type Transact = (request: unknown) => Promise<Reply>;

function oneByOne(transact: Transact): Transact {
  let last: Promise<unknown> = Promise.resolve();
  return (request) => {
    const reply = last.then(() => transact(request));
    last = reply.catch(() => undefined);
    return reply;
  };
}

/** A client that lost the reply repeats the request with the same token and gets the stored reply. */
function onceByToken(transact: Transact): Transact {
  const known = new Map<string, Reply>();
  return async (request) => {
    const token = Request.safeParse(request).data?.ClientRequestToken;
    const before = token === undefined ? undefined : known.get(token);
    if (before) return before;
    const reply = await transact(request);
    if (token !== undefined && reply.status === 200) {
      known.set(token, reply);
      setTimeout(() => known.delete(token), TOKEN_MILLISECONDS).unref();
    }
    return reply;
  };
}

async function runTransaction(request: unknown): Promise<Reply> {
  const store = opened;
  if (!store) throw new Error('The database is not open yet.');
  const parsed = Request.safeParse(request);
  if (!parsed.success) return invalid(z.prettifyError(parsed.error));
  const parts: { kind: Kind; part: z.infer<typeof Part>; id: string }[] = [];
  for (const entry of parsed.data.TransactItems) {
    const [kind, part, ...more] = Object.entries(entry).flat() as [Kind, z.infer<typeof Part>, ...unknown[]];
    if (more.length > 0) return invalid('TransactItems can only contain one of Check, Put, Update or Delete');
    const table = await tableOf(store, part.TableName);
    parts.push({ kind, part, id: database.createKey(part.Item ?? part.Key ?? {}, table) });
  }
  const places = parts.map(({ part, id }) => `${part.TableName}~${id}`);
  if (new Set(places).size < places.length) return invalid('Transaction request cannot include multiple operations on one item');
  const release = await lockItems(store, parts);
  try {
    return await writeAll(store, parts);
  } finally {
    release();
  }
}

async function writeAll(store: Store, parts: { kind: Kind; part: z.infer<typeof Part> }[]): Promise<Reply> {
  const writes = new Map<string, Write>();
  const reasons: { Code: string; Message?: string }[] = [];
  for (const { kind, part } of parts) {
    const cancellation = await tryPart(layered(store, writes), kind, part);
    if (cancellation === undefined) reasons.push({ Code: 'None' });
    else if (cancellation.body.__type.endsWith('ConditionalCheckFailedException'))
      reasons.push({ Code: 'ConditionalCheckFailed', Message: cancellation.body.message });
    else return { status: cancellation.statusCode, body: cancellation.body };
  }
  if (reasons.every(({ Code }) => Code === 'None')) {
    await new Promise<void>((resolve, reject) => store.db.batch([...writes.values()], (error) => (error ? reject(error) : resolve())));
    return { status: 200, body: {} };
  }
  const codes = reasons.map(({ Code }) => Code).join(', ');
  const message = `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`;
  const __type = 'com.amazonaws.dynamodb.v20120810#TransactionCanceledException';
  return { status: 400, body: { __type, Message: message, message, CancellationReasons: reasons } };
}

/** Undefined when the part succeeded and its writes are in the layer. */
async function tryPart(store: Store, kind: Kind, part: object): Promise<Cancellation | undefined> {
  const { types, custom } = inside(`./validations/${KINDS[kind]}`) as Validation;
  try {
    const request = validations.checkTypes(part, types);
    validations.checkValidations(request, types, custom, store);
    if (kind === 'ConditionCheck') return await checkOnly(store, request as { TableName: string; Key: Item });
    const act = inside(`./actions/${KINDS[kind]}`) as (store: Store, request: object, done: Callback) => void;
    return await new Promise((resolve) => act(store, request, (error) => resolve(error ? asCancellation(error) : undefined)));
  } catch (error) {
    return asCancellation(error);
  }
}

async function checkOnly(store: Store, request: { TableName: string; Key: Item }): Promise<Cancellation | undefined> {
  const key = database.createKey(request.Key, await tableOf(store, request.TableName));
  const item = await new Promise((resolve) => store.getItemDb(request.TableName).get(key, (_notFound, found) => resolve(found)));
  return database.checkConditional(request, item) ?? undefined;
}

function asCancellation(error: unknown): Cancellation {
  if (error instanceof Error && 'statusCode' in error && 'body' in error) return error as Error & Cancellation;
  throw error;
}

/** Writes collect in `writes` and do not reach the disk. */
function layered(store: Store, writes: Map<string, Write>): Store {
  const layer = (prefix: string, below: ItemStore): ItemStore => ({
    lock: (_keys, work) => work((done) => done),
    get(key, done) {
      const written = writes.get(prefix + key);
      if (!written) below.get(key, done);
      else if (written.type === 'put') done(null, written.value);
      else done(Object.assign(new Error('not found'), { name: 'NotFoundError' }));
    },
    put(key, value, done) {
      writes.set(prefix + key, { type: 'put', key: prefix + key, value });
      done(null);
    },
    del(key, done) {
      writes.set(prefix + key, { type: 'del', key: prefix + key });
      done(null);
    },
  });
  return {
    ...store,
    getItemDb: (table) => layer(`item-${table}~`, store.getItemDb(table)),
    getIndexDb: (type, table, index) => layer(`index-${type.toLowerCase()}~${table}~${index}~`, store.getIndexDb(type, table, index)),
  };
}

function tableOf(store: Store, name: string): Promise<object> {
  return new Promise((resolve, reject) => store.getTable(name, (error, table) => (error ? reject(error) : resolve(table))));
}

async function lockItems(store: Store, parts: { part: { TableName: string }; id: string }[]): Promise<() => void> {
  const byTable = Map.groupBy(parts, ({ part }) => part.TableName);
  const releases: (() => void)[] = [];
  for (const [table, locked] of byTable) {
    const keys = locked.map(({ id }) => id);
    releases.push(await new Promise((resolve) => store.getItemDb(table).lock(keys, (release) => resolve(release(() => undefined)))));
  }
  return () => {
    for (const release of releases) release();
  };
}

function invalid(message: string): Reply {
  return { status: 400, body: { __type: 'com.amazon.coral.validate#ValidationException', message } };
}
