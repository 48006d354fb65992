import type { LambdaReply, LambdaRequest } from '../../local/durable/lambda-api.ts';

/** A stand-in for Lambda that runs no workflows: it knows every execution's name and payload, as Lambda does. */
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
