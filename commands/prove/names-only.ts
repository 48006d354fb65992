import type { LambdaReply, LambdaRequest } from '../../local/durable/lambda-api.ts';

/** Stands in for Lambda where workflows are not to run: it knows every execution's name and payload, as Lambda does, and runs none. */
export function keepNamesOnly(): (request: LambdaRequest) => Promise<LambdaReply> {
  const payloads = new Map<string, string>();
  return async ({ path, headers, body }) => {
    const name = `${path} ${headers['x-amz-durable-execution-name']}`;
    const known = payloads.get(name);
    payloads.set(name, known ?? body);
    if (known !== undefined && known !== body)
      return { status: 409, headers: { 'x-amzn-errortype': 'DurableExecutionAlreadyStartedException' }, body: '{}' };
    return { status: 202, headers: { 'x-amz-durable-execution-arn': name }, body: '' };
  };
}
