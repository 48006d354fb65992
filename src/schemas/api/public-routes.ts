import * as z from 'zod';
import type { Route } from './route.ts';

/** Anyone who has the secret may use what the link leads to. */
const LinkToken = z.string().meta({ param: { example: 'Jq3v0sXkS1mZp7cR9tWb2A' }, description: 'The secret of the link in a message.' });
const LinkPath = z.object({ token: LinkToken });
/** A page ignores what campaigns and mail programs add to its URL. */
const AnyQuery = z.object({});
/** A secret of 128 bits cannot be guessed, and the limit stops long attempts. */
const LINK_LIMIT = { perSecond: 20, atOnce: 40 };
/** A limit of its own, so that public requests do not use up those of tenants. */
const DOCUMENT_LIMIT = { perSecond: 10, atOnce: 20 };
/** For `$default`: the explorer's script, preflights, and requests without a route. */
export const FALLBACK_LIMIT = { perSecond: 10, atOnce: 20 };
const UNKNOWN_LINK = 'The link is not valid. The page is the same for every reason.';

/** Need no token except the one in their URL. */
export const PUBLIC_ROUTES = {
  showUnsubscribePage: {
    method: 'GET',
    path: '/u/{token}',
    servedBy: 'public-pages',
    limit: LINK_LIMIT,
    summary: 'Show the unsubscribe page',
    description: 'Changes nothing: mail scanners follow links.',
    pathParameters: LinkPath,
    query: AnyQuery,
    reply: z.string(),
    replyType: 'text/html',
    replies: 'The page',
    problems: { 404: UNKNOWN_LINK },
  },
  unsubscribe: {
    method: 'POST',
    path: '/u/{token}',
    servedBy: 'public-pages',
    limit: LINK_LIMIT,
    summary: 'Unsubscribe',
    description: 'For the button of the page, and for the one-click unsubscribe of a mail program (RFC 8058). May be repeated.',
    pathParameters: LinkPath,
    query: AnyQuery,
    reply: z.string(),
    replyType: 'text/html',
    replies: 'A page that confirms it',
    problems: { 404: UNKNOWN_LINK },
  },
  showOffer: {
    method: 'GET',
    path: '/o/{token}',
    servedBy: 'offer-pages',
    limit: LINK_LIMIT,
    summary: 'Show the page of an offer',
    description: 'Changes nothing, except that it records the first opening: mail and phone scanners open links.',
    pathParameters: LinkPath,
    query: AnyQuery,
    reply: z.string(),
    replyType: 'text/html',
    replies: 'The offer and its state, in the subscriber’s language',
    problems: { 404: UNKNOWN_LINK },
  },
  answerOffer: {
    method: 'POST',
    path: '/o/{token}',
    servedBy: 'offer-pages',
    limit: LINK_LIMIT,
    summary: 'Accept or decline an offer',
    description:
      'For the buttons of the page: a form (`application/x-www-form-urlencoded`) with one `answer`, `accept` or `decline`. Any other request changes nothing. May be repeated; the first answer counts.',
    pathParameters: LinkPath,
    query: AnyQuery,
    reply: z.string(),
    replyType: 'text/html',
    replies: 'The current state of the offer',
    invalidForm: 'The page again: the body is not a form, or its `answer` is neither.',
    problems: { 404: UNKNOWN_LINK },
  },
  getOpenApi: {
    method: 'GET',
    path: '/openapi.json',
    servedBy: 'api-documents',
    limit: DOCUMENT_LIMIT,
    summary: 'Get the OpenAPI document',
    pathParameters: z.object({}),
    query: AnyQuery,
    reply: z.looseObject({ openapi: z.string() }),
    replies: 'OpenAPI 3.1',
  },
  showDocuments: {
    method: 'GET',
    path: '/docs',
    servedBy: 'api-documents',
    limit: DOCUMENT_LIMIT,
    summary: 'Show the API reference',
    pathParameters: z.object({}),
    query: AnyQuery,
    reply: z.string(),
    replyType: 'text/html',
    replies: 'The page',
  },
} as const satisfies Record<string, Route>;
