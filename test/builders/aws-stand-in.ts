import { createServer, type IncomingMessage } from 'node:http';

/** What an operation answers: JSON, XML for the services that speak it, or an error of AWS's. */
export type AwsAnswer = { json: object } | { xml: string } | { error: string; message?: string };
/** Answers by the operation's name; a REST call is named by its method and path. The request is JSON or a form's fields. */
export type AwsAnswers = Record<string, (request: Record<string, unknown>) => AwsAnswer>;

/** An address that answers as AWS does, in its protocols, from a table of answers; any other operation is unknown to it. */
export async function startAwsStandIn(answers: () => AwsAnswers): Promise<{ url: string; close: () => Promise<void> }> {
  const server = createServer(async (request, response) => {
    const chunks = await request.toArray();
    const { operation, fields, isForm } = parseCall(request, Buffer.concat(chunks).toString('utf8'));
    const answer = answers()[operation]?.(fields) ?? { error: 'UnknownOperationException' };
    if ('xml' in answer) {
      const body = `<${operation}Response><${operation}Result>${answer.xml}</${operation}Result></${operation}Response>`;
      response.writeHead(200, { 'content-type': 'text/xml' }).end(body);
    } else if ('json' in answer) {
      response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(answer.json));
    } else {
      const { error, message = error } = answer;
      const words = isForm
        ? `<ErrorResponse><Error><Code>${error}</Code><Message>${message}</Message></Error></ErrorResponse>`
        : JSON.stringify({ __type: error, message });
      response.writeHead(400, { 'content-type': isForm ? 'text/xml' : 'application/x-amz-json-1.1', 'x-amzn-errortype': error }).end(words);
    }
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The stand-in has no port.');
  const close = () => new Promise<void>((closed) => server.close(() => closed()));
  return { url: `http://127.0.0.1:${address.port}`, close };
}

function parseCall({ headers, method, url }: IncomingMessage, body: string) {
  const target = headers['x-amz-target'];
  if (typeof target === 'string') return { operation: target.split('.').at(-1) ?? '', fields: JSON.parse(body), isForm: false };
  const isForm = headers['content-type']?.startsWith('application/x-www-form-urlencoded') ?? false;
  const fields = isForm ? Object.fromEntries(new URLSearchParams(body)) : {};
  // A form without an action is of nobody but an OAuth token address.
  const isQuery = isForm && 'Action' in fields;
  return { operation: isQuery ? String(fields.Action) : `${method} ${decodeURIComponent(url ?? '')}`, fields, isForm: isQuery };
}
