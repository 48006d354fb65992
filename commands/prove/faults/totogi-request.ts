import type { AwsRequest } from '../../../local/aws-endpoint.ts';
import { KINDS } from './fault-kinds.ts';
import type { AskedOfTotogi, ReadRequest } from './read-request.ts';

const GRAPHQL = '/graphql';
const TOKEN = '/oauth2/token';

type Question = { operationName?: string; query?: string; variables?: Variables };
type Variables = { accountId?: string; input?: { accountId?: string; transactionId?: string } };

/** By its path: no AWS service here has one of these. */
export function isForTotogi(path: string): boolean {
  return path === GRAPHQL || path === TOKEN;
}

export function parseTotogi({ url, body }: AwsRequest, who: string): ReadRequest {
  const service = 'Totogi';
  if (url === TOKEN) return { seam: { name: `${who}: Totogi token`, service, kinds: KINDS.usual, isRare: true } };
  const totogi = parseQuestion(JSON.parse(body.toString('utf8')) as Question);
  const seam = { name: `${who}: Totogi ${totogi.operation}`, service, kinds: KINDS.usual, isRare: totogi.isChange } as const;
  return { seam, totogi };
}

function parseQuestion({ operationName = '', query = '', variables = {} }: Question): AskedOfTotogi {
  const { accountId, input } = variables;
  const isChange = query.trimStart().startsWith('mutation');
  return { operation: operationName, account: input?.accountId ?? accountId ?? '', isChange, transactionId: input?.transactionId };
}
