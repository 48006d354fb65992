import type { IncomingHttpHeaders } from 'node:http';
import type { AwsRequest } from '../../local/http-server.ts';
import { functionPrefix } from '../../local/template/packaged-stack.ts';

/** The parsed part of a checkpoint's update. */
export type StepUpdate = { Type?: string; Action?: string; Name?: string; Id?: string };

/** An account's change carries a transaction ID that makes a repeat safe, if Totogi supports one for it. */
export type AskedOfTotogi = { operation: string; account: string; isChange: boolean; transactionId?: string | undefined };

/** What a request to AWS or Totogi asks for. */
export type AwsCall = {
  service: 'DynamoDB' | 'Lambda' | 'SNS' | 'SES' | 'STS' | 'Secrets Manager' | 'Totogi';
  operation: string;
  /** The parsed body of a request to DynamoDB. */
  item?: Record<string, unknown>;
  start?: { functionKey: string; name: string | undefined };
  checkpoint?: { arn: string; updates: StepUpdate[] };
  /** The fields of a request to SNS, SES or STS. */
  form?: URLSearchParams;
  /** Of a question; a request for a token has none. */
  totogi?: AskedOfTotogi;
};

const GRAPHQL = '/graphql';
const TOKEN = '/oauth2/token';
const TARGETS = { DynamoDB_20120810: 'DynamoDB', secretsmanager: 'Secrets Manager' } as const;
const FORMS = { '2010-12-01': 'SES', '2010-03-31': 'SNS', '2011-06-15': 'STS' } as const;

/** By its path: no AWS service here has one of these. */
export function isForTotogi(path: string): boolean {
  return path === GRAPHQL || path === TOKEN;
}

export function parseCall(request: AwsRequest): AwsCall {
  const { url, headers, body } = request;
  const { pathname } = new URL(url, 'http://localhost');
  if (isForTotogi(pathname)) return parseTotogi(pathname, body);
  const target = headers['x-amz-target'];
  if (typeof target === 'string') return parseTarget(target, body);
  if (headers['content-type']?.startsWith('application/x-www-form-urlencoded')) return parseForm(body);
  return parseLambda(pathname, headers, body);
}

function parseTarget(target: string, body: Buffer): AwsCall {
  const [name = '', operation = ''] = target.split('.');
  const service = lookUp(TARGETS, name);
  return service === 'DynamoDB' ? { service, operation, item: JSON.parse(body.toString('utf8')) } : { service, operation };
}

function parseForm(body: Buffer): AwsCall {
  const form = new URLSearchParams(body.toString('utf8'));
  return { service: lookUp(FORMS, form.get('Version') ?? ''), operation: form.get('Action') ?? '', form };
}

/** A service that the functions have never asked must be added here before it can be observed. */
function lookUp<Services extends Record<string, AwsCall['service']>>(services: Services, name: string): AwsCall['service'] {
  const service = services[name];
  if (service === undefined) throw new Error(`A request to ${name} cannot be observed.`);
  return service;
}

function parseLambda(path: string, headers: IncomingHttpHeaders, body: Buffer): AwsCall {
  const service = 'Lambda';
  const invoked = /\/functions\/([^/]+)\/invocations/.exec(path)?.[1];
  if (invoked !== undefined) {
    const functionKey = decodeURIComponent(invoked).replace(/:.*$/, '').replace(`${functionPrefix}-`, '');
    const name = headers['x-amz-durable-execution-name'];
    return { service, operation: 'Invoke', start: { functionKey, name: typeof name === 'string' ? name : undefined } };
  }
  if (path.includes('/durable-execution-callbacks/')) return { service, operation: 'callback' };
  const [, encoded = '', operation = ''] = /\/durable-executions\/([^/]+)\/([a-z]+)/.exec(path) ?? [];
  const { Updates = [] }: { Updates?: StepUpdate[] } = operation === 'checkpoint' ? JSON.parse(body.toString('utf8')) : {};
  return { service, operation, checkpoint: { arn: decodeURIComponent(encoded), updates: Updates } };
}

type Question = { operationName?: string; query?: string; variables?: Variables };
type Variables = { accountId?: string; input?: { accountId?: string; transactionId?: string } };

function parseTotogi(path: string, body: Buffer): AwsCall {
  const service = 'Totogi';
  if (path === TOKEN) return { service, operation: 'token' };
  const { operationName: operation = '', query = '', variables = {} }: Question = JSON.parse(body.toString('utf8'));
  const { accountId, input } = variables;
  const isChange = query.trimStart().startsWith('mutation');
  const totogi = { operation, account: input?.accountId ?? accountId ?? '', isChange, transactionId: input?.transactionId };
  return { service, operation, totogi };
}
