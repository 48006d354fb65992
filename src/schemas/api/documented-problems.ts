import * as z from 'zod';
import type { ZodOpenApiResponsesObject } from 'zod-openapi';
import { PROBLEM_TITLES, Problem } from '../../platform/problem.ts';
import { OWN_REFUSALS, type Route } from './route.ts';

const GatewayMessage = z
  .object({ message: z.string() })
  .meta({ id: 'GatewayMessage', description: 'A reply of the gateway itself, before or instead of the function.' });

const REQUEST_ID = '5d1f5c54-9f0c-4b0e-8a53-0c5a3a0f4d1e';
const RetryAfter = z.object({ 'Retry-After': z.string().meta({ description: 'Seconds.', example: '2' }) });
const Challenge = (example: string) => z.object({ 'WWW-Authenticate': z.string().meta({ description: 'Error description.', example }) });

type DocumentedProblem = NonNullable<ZodOpenApiResponsesObject[`${1 | 2 | 3 | 4 | 5}${string}`]>;

function ours(status: keyof typeof PROBLEM_TITLES, detail: string, errors?: Problem['errors']) {
  const example = {
    type: 'about:blank',
    title: PROBLEM_TITLES[status],
    status,
    detail,
    ...(errors ? { errors } : {}),
    requestId: REQUEST_ID,
  };
  return { 'application/problem+json': { schema: Problem, example } };
}

/** Refused by the gateway, whose text cannot be changed. */
function gateways(message: string) {
  return { 'application/json': { schema: GatewayMessage, example: { message } } };
}

export function documentedProblems(route: Route): Record<`${number}`, DocumentedProblem> {
  return {
    ...badRequest(route),
    ...(route.scope === undefined ? {} : tokenProblems(route.scope)),
    ...ownProblems(route),
    ...(route.body ? bodyProblems() : {}),
    '429': {
      description:
        'More requests than the stage accepts. The gateway answers, without `Retry-After`: wait a second, then twice as long each time.',
      content: gateways('Too Many Requests'),
    },
    '500': {
      description: 'An internal error. Find it in the logs by its request ID.',
      content: {
        ...ours(500, 'Internal error. Quote the request ID when you contact support.'),
        ...gateways('Internal Server Error'),
      },
    },
    '503': {
      description:
        'The data store is unavailable: `Retry-After` says when to retry. If the function itself is unavailable, the gateway answers, without `Retry-After`.',
      headers: RetryAfter.partial(),
      content: { ...ours(503, 'The data store is temporarily unavailable. Retry shortly.'), ...gateways('Service Unavailable') },
    },
  };
}

function badRequest({ scope, body, invalidForm }: Route): Record<string, DocumentedProblem> {
  // A public page accepts any query and path, except for an ambiguous form.
  if (scope === undefined) {
    const page = invalidForm === undefined ? {} : { 'text/html': { schema: z.string() } };
    const description = ['The path cannot be decoded.', invalidForm].filter((one) => one !== undefined).join(' ');
    return { '400': { description, content: { ...page, ...gateways('Bad Request') } } };
  }
  const [error, where] = body
    ? ([{ pointer: '/phone', detail: 'expected a phone number in E.164 form, such as "+14155550123"' }, '/phone'] as const)
    : ([{ parameter: 'form', detail: 'is an unknown query parameter; did you mean "from"?' }, 'form'] as const);
  return {
    '400': {
      description: `A parameter${body ? ' or the body' : ''} is invalid: \`errors\` lists each fault.`,
      content: { ...ours(400, `${where}: ${error.detail}`, [error]), ...gateways('Bad Request') },
    },
  };
}

function tokenProblems(scope: string): Record<string, DocumentedProblem> {
  const expired = 'Bearer scope="" error="invalid_token" error_description="the token has expired"';
  const missing = `Bearer scope="${scope} totogi-notifications/${scope}" error="insufficient_scope" error_description="the token has none of the required scopes"`;
  return {
    '401': {
      description:
        'The token is missing, or its signature, issuer, audience or times are invalid. The gateway answers; `WWW-Authenticate` is only `Bearer` if the token is missing, and otherwise describes the error.',
      headers: Challenge(expired),
      content: gateways('Unauthorized'),
    },
    '403': {
      description: `The token lacks the scope \`${scope}\`, as every ID token does: the gateway answers, with \`WWW-Authenticate\`. Or the token belongs to a different tenant: the service answers, without \`WWW-Authenticate\`.`,
      headers: Challenge(missing).partial(),
      content: {
        ...ours(403, 'This token belongs to a different tenant: its claim `tenant` must match the tenant in the path.'),
        ...gateways('Forbidden'),
      },
    },
  };
}

function ownProblems({ problems = {}, replyType }: Route): Record<string, DocumentedProblem> {
  const documented = OWN_REFUSALS.flatMap((status) => {
    const description = problems[status];
    if (description === undefined) return [];
    const content = replyType === 'text/html' ? { 'text/html': { schema: z.string() } } : ours(status, description);
    return [[String(status), { description, content }] as const];
  });
  return Object.fromEntries(documented);
}

function bodyProblems(): Record<string, DocumentedProblem> {
  return {
    '413': {
      description: 'The body is larger than 64 KiB. Above 10 MB, the gateway answers.',
      content: { ...ours(413, 'The request body must not exceed 65536 bytes.'), ...gateways('Request Entity Too Large') },
    },
    '415': {
      description: 'The body is not sent as `application/json`.',
      headers: z.object({ Accept: z.string() }),
      content: ours(415, 'Content-Type must be `application/json`.'),
    },
  };
}
