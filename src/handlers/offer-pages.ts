import { offerName } from '../rules/message-variables.ts';
import { type HttpReply, type HttpRequest, httpHandler } from '../runtime/http.ts';
import { type OfferOnPage, type OfferPageState, offerPage, unknownOfferPage } from '../runtime/offer-page.ts';
import { settings } from '../runtime/settings.ts';
import type { Channel } from '../schemas/channel.ts';
import type { OfferRecord } from '../schemas/offer-record.ts';
import { HttpProblem } from '../schemas/problem.ts';
import { type CompleteCallback, createCallbacks } from '../store/callbacks.ts';
import { type Configurations, createConfigurations } from '../store/configurations.ts';
import { followLink } from '../store/links.ts';
import { answerOffer } from '../store/offers/answers.ts';
import { recordOpening } from '../store/offers/milestones.ts';
import { findOfferByKey } from '../store/offers/offers.ts';
import { findProfile } from '../store/profiles/profiles.ts';
import { createTableClient, type Table } from '../store/table.ts';

const FORM = 'application/x-www-form-urlencoded';
const FORM_TYPE = /^application\/x-www-form-urlencoded\s*(?:;|$)/i;
const MAX_FORM_CHARACTERS = 1_000;

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
    const found = await resolveLink(deps, pathParameters.token ?? '');
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

/** Only a form with exactly one answer, as the page's buttons send it, counts as the subscriber's answer. */
function parseAnswer({ headers, body = '' }: HttpRequest): 'accepted' | 'declined' | undefined {
  if (!FORM_TYPE.test(headers['content-type'] ?? FORM) || body.length > MAX_FORM_CHARACTERS) return undefined;
  const [answer, ...others] = new URLSearchParams(body).getAll('answer');
  if (others.length > 0) return undefined;
  if (answer === 'accept') return 'accepted';
  return answer === 'decline' ? 'declined' : undefined;
}

function pageStateOf({ state, validUntil }: OfferRecord, now: number): OfferPageState {
  if (state === 'issued') return now < Date.parse(validUntil) ? 'open' : 'expired';
  if (state === 'declined') return 'declined';
  const isOver = state === 'expired' || state === 'superseded' || state === 'denied-by-policy' || state === 'held-out';
  return isOver ? 'expired' : 'accepted';
}

async function resolveLink(
  { table, configurations, now }: OfferPagesDependencies,
  token: string,
): Promise<{ record: OfferRecord; via: Channel | undefined; onPage: OfferOnPage } | undefined> {
  const link = await followLink(table, { kind: 'offer', token }, now());
  const record = link && (await findOfferByKey(table, link.target));
  if (!record) return undefined;
  const [published, profile] = await Promise.all([
    configurations.version(record.tenant, record.configuration),
    findProfile(table, record.tenant, record.account),
  ]);
  const { configuration, offers } = published;
  const language = profile?.language ?? configuration.language;
  const offer = offers.find(({ id }) => id === record.offer);
  if (!offer) return undefined;
  const onPage = { brand: configuration.name, offer: offerName(offer, language, configuration) ?? offer.id, language };
  return { record, via: link.channel, onPage };
}

function liveDependencies(): OfferPagesDependencies {
  const table = createTableClient(settings().tableName);
  const now = () => Date.now();
  return { table, configurations: createConfigurations(table, now), completeCallback: createCallbacks(), now };
}

export const handler = createHandler(liveDependencies());
