import * as z from 'zod';
import type { ZodOpenApiResponsesObject } from 'zod-openapi';
import { PROBLEM_TITLES, Problem } from '../problem.ts';
import { OWN_REFUSALS, type Route } from './route.ts';

const GatewayMessage = z
  .object({ message: z.string() })
  .meta({ id: 'GatewayMessage', description: 'What the gateway answers by itself, before or instead of the function.' });

const REQUEST_ID = '5d1f5c54-9f0c-4b0e-8a53-0c5a3a0f4d1e';
const RetryAfter = z.object({ 'Retry-After': z.string().meta({ description: 'Seconds.', example: '2' }) });
const Challenge = (example: string) => z.object({ 'WWW-Authenticate': z.string().meta({ description: 'What is amiss.', example }) });

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
        'More requests than the stage takes. The gateway answers and does not say when: wait a second, then twice as long each time.',
      content: gateways('Too Many Requests'),
    },
    '500': {
      description: 'A fault on our side. The request id finds it in the logs.',
      content: {
        ...ours(500, 'Something went wrong on our side. The request id finds it in the logs.'),
        ...gateways('Internal Server Error'),
      },
    },
    '503': {
      description:
        'The store does not answer: `Retry-After` says when to try again. Where the function itself does not, the gateway answers, without it.',
      headers: RetryAfter.partial(),
      content: { ...ours(503, 'The store does not answer at present. Try again shortly.'), ...gateways('Service Unavailable') },
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
    : ([{ parameter: 'form', detail: 'is no query parameter of this route; did you mean "from"?' }, 'form'] as const);
  return {
    '400': {
      description: `A parameter${body ? ' or the body' : ''} does not hold: \`errors\` names each fault.`,
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
        'No token, or none that holds: signature, issuer, audience and times. The gateway answers; `WWW-Authenticate` is `Bearer` alone where there was no token, and else says what is amiss.',
      headers: Challenge(expired),
      content: gateways('Unauthorized'),
    },
    '403': {
      description: `The token lacks the scope \`${scope}\`, as an ID token always does: the gateway answers, with \`WWW-Authenticate\`. Or it is of another tenant: then we do, without.`,
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
      description: 'The body has more than 64 KiB; above 10 MB the gateway answers.',
      content: { ...ours(413, 'The body may have 65536 bytes at most.'), ...gateways('Request Entity Too Large') },
    },
    '415': {
      description: 'The body is not sent as `application/json`.',
      headers: z.object({ Accept: z.string() }),
      content: ours(415, 'This route takes a body of the content type `application/json`.'),
    },
  };
}
