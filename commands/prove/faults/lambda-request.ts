import type { AwsRequest } from '../../../local/aws-endpoint.ts';
import { KINDS } from './fault-kinds.ts';
import type { ReadRequest, StepUpdate } from './read-request.ts';

const service = 'Lambda';

export function parseLambda({ url, headers, body }: AwsRequest, who: string): ReadRequest {
  const { pathname } = new URL(url, 'http://localhost');
  const invoked = /\/functions\/([^/]+)\/invocations/.exec(pathname)?.[1];
  if (invoked !== undefined) {
    const workflow = decodeURIComponent(invoked).replace(/:.*$/, '').replace('totogi-notifications-local-', '');
    const name = headers['x-amz-durable-execution-name'];
    const seam = { name: `${who}: Lambda Invoke`, service, kinds: KINDS.usual } as const;
    return { seam, start: { workflow, name: typeof name === 'string' ? name : undefined } };
  }
  if (pathname.includes('/durable-execution-callbacks/'))
    return { seam: { name: `${who}: Lambda callback`, service, kinds: KINDS.usual, isRare: true } };
  return parseDurable(pathname, body, who);
}

function parseDurable(pathname: string, body: Buffer, who: string): ReadRequest {
  const [, encoded = '', what = ''] = /\/durable-executions\/([^/]+)\/([a-z]+)/.exec(pathname) ?? [];
  const updates = what === 'checkpoint' ? ((JSON.parse(body.toString('utf8')) as { Updates?: StepUpdate[] }).Updates ?? []) : [];
  const last = updates.at(-1);
  const name = last === undefined ? `Lambda ${what}` : `Lambda checkpoint ${last.Action?.toLowerCase()} ${last.Name ?? last.Type}`;
  const seam = { name: `${who}: ${name}`, service, kinds: KINDS.ofCheckpoints } as const;
  return { seam, checkpoint: { arn: decodeURIComponent(encoded), updates } };
}
