import type { AwsRequest } from '../../../local/aws-endpoint.ts';
import { getSecretValueTarget } from '../../../local/totogi/secrets-manager.ts';
import { readDynamoDb } from './dynamodb-request.ts';
import { KINDS } from './fault-kinds.ts';
import { readLambda } from './lambda-request.ts';
import type { ReadRequest } from './read-request.ts';
import { isForTotogi, readTotogi } from './totogi-request.ts';

/** Reads a request: which seam it passes and what it is about. `who` is the part of the service that makes it. */
export function readRequest(request: AwsRequest, who: string): ReadRequest {
  if (isForTotogi(request.url)) return readTotogi(request, who);
  const target = request.headers['x-amz-target'];
  if (typeof target === 'string' && target.startsWith('DynamoDB_')) return readDynamoDb(request, target.split('.')[1] ?? '', who);
  if (target === getSecretValueTarget)
    return { seam: { name: `${who}: Secrets Manager GetSecretValue`, service: 'Secrets Manager', kinds: KINDS.usual } };
  if (request.headers['content-type']?.startsWith('application/x-www-form-urlencoded')) return readForm(request, who);
  return readLambda(request, who);
}

function readForm({ body }: AwsRequest, who: string): ReadRequest {
  const form = new URLSearchParams(body.toString('utf8'));
  const service = form.get('Version') === '2010-12-01' ? 'SES' : 'SNS';
  return { seam: { name: `${who}: ${service} ${form.get('Action')}`, service, kinds: KINDS.ofSends }, isSend: true };
}
