import { type Configurations, createConfigurations } from '../configuration/configurations.ts';
import { answerOffer } from '../offers/answer-offer.ts';
import { type CompleteCallback, createCallbacks } from '../offers/callbacks.ts';
import { recordOpening } from '../offers/milestones.ts';
import { offerPage, unknownOfferPage } from '../offers/offer-page.ts';
import { parseAnswer } from '../offers/parse-answer.ts';
import { findLinkedOffer, pageStateOf } from '../offers/show-offer.ts';
import { type HttpReply, type HttpRequest, httpHandler } from '../platform/http.ts';
import { HttpProblem } from '../platform/problem.ts';
import { readSettings } from '../platform/settings.ts';
import { createTableClient, type Table } from '../platform/table.ts';

export type OfferPagesDependencies = {
  table: Table;
  configurations: Configurations;
  completeCallback: CompleteCallback;
  /** In milliseconds since the epoch. */
  now: () => number;
};

/**
 * Serves the page of an offer link. The token in the path is the only credential. `GET /o/{token}` shows the offer and records only its
 * first opening, because mail and phone scanners open links. `POST` accepts or declines the offer once, and may be repeated.
 */
export function createHandler(deps: OfferPagesDependencies) {
  return httpHandler('offer-pages', async (request: HttpRequest): Promise<HttpReply> => {
    const { routeKey, pathParameters } = request;
    if (routeKey !== 'GET /o/{token}' && routeKey !== 'POST /o/{token}')
      throw new HttpProblem(404, 'No such route. See /docs for all routes.');
    const found = await findLinkedOffer(deps, pathParameters.token ?? '', deps.now());
    if (!found) return unknownOfferPage();
    const { record, onPage, via } = found;
    if (routeKey === 'GET /o/{token}') {
      await recordOpening(deps.table, record, { via, at: deps.now() });
      return offerPage(onPage, pageStateOf(record, deps.now()));
    }
    const answer = parseAnswer(request);
    if (!answer) return offerPage(onPage, pageStateOf(record, deps.now()), 400);
    const answered = await answerOffer(deps, record, { answer, by: 'link', via });
    return offerPage(onPage, pageStateOf(answered, deps.now()));
  });
}

const table = createTableClient(readSettings(['tableName']).tableName);
const now = () => Date.now();

export const handler = createHandler({ table, configurations: createConfigurations(table, now), completeCallback: createCallbacks(), now });
