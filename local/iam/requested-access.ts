import * as z from 'zod';
import type { AwsRequest } from '../http-server.ts';

export type Access = { action: string; resource: string };
type AwsScope = { region: string; accountId: string };

const Json = z.looseObject({ QueueUrl: z.string().optional(), SourceArn: z.string().optional(), SecretId: z.string().optional() });

/**
 * The permissions that a request to any emulator but DynamoDB needs. Empty where IAM does not check the caller's role: AssumeRole depends
 * on the assumed role's trust policy, and a callback's id names no function.
 */
export function accessOf({ method, url, headers, body }: AwsRequest, scope: AwsScope): Access[] {
  const arn = (service: string, rest: string) => `arn:aws:${service}:${scope.region}:${scope.accountId}:${rest}`;
  const target = headers['x-amz-target'];
  if (typeof target === 'string') return ofTarget(target, Json.parse(JSON.parse(body.toString())), arn);
  if (headers['content-type']?.startsWith('application/x-www-form-urlencoded')) return ofForm(new URLSearchParams(body.toString()), arn);
  return ofLambda(`${method} ${url}`, arn);
}

type Arn = (service: string, rest: string) => string;

function ofTarget(target: string, { QueueUrl, SourceArn, SecretId }: z.infer<typeof Json>, arn: Arn): Access[] {
  const [service, operation = ''] = target.split('.');
  if (service === 'AmazonSQS') {
    const resource = SourceArn ?? arn('sqs', QueueUrl?.split('/').at(-1) ?? '');
    return [{ action: `sqs:${operation.replace('Batch', '')}`, resource }];
  }
  if (service === 'secretsmanager')
    return [{ action: `secretsmanager:${operation}`, resource: arn('secretsmanager', `secret:${SecretId}-local0`) }];
  return [];
}

function ofForm(form: URLSearchParams, arn: Arn): Access[] {
  const action = form.get('Action');
  if (action === 'Publish') return [{ action: 'sns:Publish', resource: form.get('PhoneNumber') ?? form.get('TopicArn') ?? '' }];
  if (action !== 'SendRawEmail') return [];
  const domain = /@([^\s@>]+)>?\s*$/.exec(form.get('Source') ?? '')?.[1] ?? '';
  const set = form.get('ConfigurationSetName');
  const resources = [arn('ses', `identity/${domain}`), ...(set === null ? [] : [arn('ses', `configuration-set/${set}`)])];
  return resources.map((resource) => ({ action: 'ses:SendRawEmail', resource }));
}

/** Lambda's REST paths. An execution's ARN continues after the version. */
const PATHS: [RegExp, string][] = [
  [/^POST \/2015-03-31\/functions\/([^/]+)\/invocations(?:\?Qualifier=([^&]+))?/, 'lambda:InvokeFunction'],
  [/^GET \/2025-12-01\/functions\/([^/?]+)\/durable-executions/, 'lambda:ListDurableExecutionsByFunction'],
  [/^POST \/2025-12-01\/durable-executions\/([^/]+)\/checkpoint/, 'lambda:CheckpointDurableExecution'],
  [/^GET \/2025-12-01\/durable-executions\/([^/]+)\/state/, 'lambda:GetDurableExecutionState'],
];

function ofLambda(request: string, arn: Arn): Access[] {
  return PATHS.flatMap(([path, action]) => {
    const [found, name = '', qualifier] = path.exec(request) ?? [];
    if (found === undefined) return [];
    const decoded = decodeURIComponent(name);
    const resource = decoded.startsWith('arn:') ? decoded : arn('lambda', `function:${decoded}`);
    return [{ action, resource: qualifier === undefined ? resource : `${resource}:${qualifier}` }];
  });
}
