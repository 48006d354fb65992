import type { AwsRequest } from '../../../local/aws-endpoint.ts';
import { getSecretValueTarget } from '../../../local/totogi/secrets-manager.ts';
import { parseDynamoDb } from './dynamodb-request.ts';
import { KINDS } from './fault-kinds.ts';
import { parseLambda } from './lambda-request.ts';
import type { ReadRequest } from './read-request.ts';
import { isForTotogi, parseTotogi } from './totogi-request.ts';

/** `who` is the part of the service that sends the request. */
export function parseRequest(request: AwsRequest, who: string): ReadRequest {
  if (isForTotogi(request.url)) return parseTotogi(request, who);
  const target = request.headers['x-amz-target'];
  if (typeof target === 'string' && target.startsWith('DynamoDB_')) return parseDynamoDb(request, target.split('.')[1] ?? '', who);
  if (target === getSecretValueTarget)
    return { seam: { name: `${who}: Secrets Manager GetSecretValue`, service: 'Secrets Manager', kinds: KINDS.usual } };
  if (request.headers['content-type']?.startsWith('application/x-www-form-urlencoded')) return parseForm(request, who);
  return parseLambda(request, who);
}

function parseForm({ body }: AwsRequest, who: string): ReadRequest {
  const form = new URLSearchParams(body.toString('utf8'));
  const service = form.get('Version') === '2010-12-01' ? 'SES' : 'SNS';
  return { seam: { name: `${who}: ${service} ${form.get('Action')}`, service, kinds: KINDS.ofSends }, isSend: true };
}
