import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import * as z from 'zod';
import { place } from '../aws-scope.ts';
import { functionOf } from '../functions/trace.ts';
import { BodyTooLarge, readBody } from '../http-server.ts';
import { type AccessRequest, isAllowed, type PolicyStatement } from '../iam/policy.ts';
import { parseSessionToken, type Session } from '../iam/session.ts';

const tables = `arn:aws:dynamodb:${place.region}:${place.accountId}:table`;

const Value = z.object({ S: z.string() });
const Item = z.looseObject({ pk: Value });
/** DynamoDB's limit. */
const MAX_BODY_BYTES = 16 * 1_024 * 1_024;

const Request = z.object({
  TableName: z.string(),
  IndexName: z.string().optional(),
  Key: Item.optional(),
  Item: Item.optional(),
  KeyConditionExpression: z.string().optional(),
  UpdateExpression: z.string().optional(),
  ReturnValues: z.string().optional(),
  ExpressionAttributeNames: z.record(z.string(), z.string()).default({}),
  ExpressionAttributeValues: z.record(z.string(), z.object({ S: z.string().optional() })).default({}),
});
type Request = z.infer<typeof Request>;

/** Each part of a transaction needs its own permission. */
const OPERATIONS = { Put: 'PutItem', Update: 'UpdateItem', Delete: 'DeleteItem', ConditionCheck: 'ConditionCheckItem' } as const;
const Transaction = z.object({
  TransactItems: z.array(z.partialRecord(z.enum(['Put', 'Update', 'Delete', 'ConditionCheck']), Request)),
});

export type FunctionStatements = Record<string, PolicyStatement[]>;

/**
 * Emulates IAM: the role of the session, or of the calling function, must allow a request. Other callers, such as a developer, may do
 * anything.
 */
export function keepSessionWall(server: Server, functions: FunctionStatements): void {
  const listeners = server.listeners('request') as RequestListener[];
  const database: RequestListener = (request, response) => {
    for (const listener of listeners) listener(request, response);
  };
  server.removeAllListeners('request').on('request', (request, response) => {
    const session = parseSessionToken(request.headers['x-amz-security-token']) ?? sessionOf(request, functions);
    if (session) passOrReject(session, { request, response, database }).catch((error) => replyToFailure(error, response));
    else database(request, response);
  });
}

function sessionOf({ headers }: IncomingMessage, functions: FunctionStatements): Session | undefined {
  const statements = functions[functionOf(headers) ?? ''];
  return statements && { tags: {}, statements };
}

type Passage = { request: IncomingMessage; response: ServerResponse; database: RequestListener };

async function passOrReject(session: Session, { request, response, database }: Passage): Promise<void> {
  const body = await readBody(request, MAX_BODY_BYTES);
  if (passes(session, request, body)) database(replayed(request, body), response);
  else reply(response, 400, DENIED);
}

function passes(session: Session, { headers }: IncomingMessage, body: Buffer): boolean {
  const [, operation = ''] = String(headers['x-amz-target']).split('.');
  const asked: unknown = JSON.parse(body.toString());
  const transaction = Transaction.safeParse(asked);
  if (transaction.success) return partsOf(transaction.data).every(([part, request]) => mayDo(session, part, request));
  const request = Request.safeParse(asked);
  return request.success && mayDo(session, operation, request.data);
}

function partsOf({ TransactItems }: z.infer<typeof Transaction>): [string, Request][] {
  return TransactItems.flatMap((item) =>
    Object.entries(item).map(([kind, part]): [string, Request] => [OPERATIONS[kind as keyof typeof OPERATIONS], part]),
  );
}

function mayDo({ tags, statements }: Session, operation: string, request: Request): boolean {
  const { TableName, IndexName } = request;
  const access: AccessRequest = {
    action: `dynamodb:${operation}`,
    resource: `${tables}/${TableName}${IndexName === undefined ? '' : `/index/${IndexName}`}`,
    tags,
    context: {
      'dynamodb:LeadingKeys': leadingKeys(request),
      'dynamodb:Attributes': attributesOf(request),
      ...(request.ReturnValues && { 'dynamodb:ReturnValues': [request.ReturnValues] }),
    },
  };
  return isAllowed(statements, access);
}

/** For a Query, the value of the one equality in its key condition. */
function leadingKeys({ Key, Item, KeyConditionExpression, ...request }: Request): string[] {
  const ofItem = (Key ?? Item)?.pk.S;
  const [, name = '', value = ''] = /(#?\w+)\s*=\s*(:\w+)/.exec(KeyConditionExpression ?? '') ?? [];
  const attribute = request.ExpressionAttributeNames[name] ?? name;
  const ofQuery = attribute === (request.IndexName ?? 'pk') ? request.ExpressionAttributeValues[value]?.S : undefined;
  return [ofItem, ofQuery].filter((key) => key !== undefined);
}

function attributesOf({ Key, Item: item, UpdateExpression = '', ExpressionAttributeNames }: Request): string[] {
  const names = UpdateExpression.replaceAll(/\b(SET|ADD|REMOVE|DELETE|if_not_exists)\b|:\w+/g, ' ').match(/#?\w+/g) ?? [];
  return [...Object.keys({ ...Key, ...item }), ...names.map((name) => ExpressionAttributeNames[name] ?? name)];
}

/** The body was read already, so the database gets a copy of the request. */
function replayed({ headers, method, url, httpVersion, socket }: IncomingMessage, body: Buffer): IncomingMessage {
  return Object.assign(Readable.from([body]), { headers, method, url, httpVersion, socket }) as unknown as IncomingMessage;
}

const DENIED = {
  type: 'com.amazon.coral.service#AccessDeniedException',
  message: 'The role of this session or function does not allow it.',
};

function replyToFailure(error: unknown, response: ServerResponse): void {
  if (error instanceof BodyTooLarge) reply(response, 413, { type: 'RequestEntityTooLargeException', message: error.message });
  else if (error instanceof SyntaxError)
    reply(response, 400, { type: 'com.amazon.coral.service#SerializationException', message: 'no JSON' });
  else response.destroy();
}

function reply(response: ServerResponse, status: number, { type, message }: { type: string; message: string }): void {
  response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0', 'x-amzn-errortype': type });
  response.end(JSON.stringify({ __type: type, Message: message }));
}
