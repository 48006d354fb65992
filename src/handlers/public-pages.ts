import { type HttpReply, type HttpRequest, httpHandler } from '../runtime/http.ts';
import { settings } from '../runtime/settings.ts';
import { askPage, donePage, type Subscription, unknownPage } from '../runtime/unsubscribe-page.ts';
import { HttpProblem } from '../schemas/problem.ts';
import { type Configurations, createConfigurations } from '../store/configurations.ts';
import { followLink } from '../store/links.ts';
import { type ConsentClass, setConsent } from '../store/profiles/consents.ts';
import { findMessageByKey } from '../store/receipts.ts';
import { createTableClient, type Table } from '../store/table.ts';

export type PagesDependencies = { table: Table; configurations: Configurations; now: () => number };

type Unsubscription = Subscription & { tenant: string; account: string; class: ConsentClass };

/**
 * Serves unsubscribe links. The token in the path is the only credential. `GET /u/{token}` asks for confirmation and changes nothing,
 * because mail scanners follow links. `POST` unsubscribes, for the page's button and for one-click requests of mail programs (RFC 8058).
 * Both may be repeated.
 */
export function createHandler(deps: PagesDependencies) {
  return httpHandler('public-pages', async (request: HttpRequest): Promise<HttpReply> => {
    const { routeKey, pathParameters } = request;
    if (routeKey !== 'GET /u/{token}' && routeKey !== 'POST /u/{token}')
      throw new HttpProblem(404, 'No such route. See /docs for all routes.');
    const link = await resolveLink(deps, pathParameters.token ?? '');
    if (!link) return unknownPage();
    if (routeKey === 'GET /u/{token}') return askPage(link);
    const { tenant, account } = link;
    const source = isOneClick(request.body) ? 'email-one-click' : 'unsubscribe-page';
    const at = new Date(deps.now()).toISOString();
    await setConsent(deps.table, { tenant, account }, { class: link.class, channel: 'email', given: false, source, at });
    return donePage(link);
  });
}

/** Mail programs send it as form data, URL-encoded or multipart. */
function isOneClick(body: string | undefined): boolean {
  return /List-Unsubscribe["=\s]+One-Click/.test(body ?? '');
}

async function resolveLink({ table, configurations, now }: PagesDependencies, token: string): Promise<Unsubscription | undefined> {
  const link = await followLink(table, { kind: 'unsubscribe', token }, now());
  const message = link && (await findMessageByKey(table, link.target));
  if (!message || message.class === undefined || message.class === 'regulatory') return undefined;
  const { tenant, account } = message;
  const configuration = (await configurations.current(tenant))?.configuration;
  return {
    tenant,
    account,
    class: message.class,
    brand: configuration?.name ?? tenant,
    what: message.class === 'marketing' ? 'news' : 'account',
    language: message.language ?? configuration?.language ?? 'en',
  };
}

function liveDependencies(): PagesDependencies {
  const table = createTableClient(settings().tableName);
  const now = () => Date.now();
  return { table, configurations: createConfigurations(table, now), now };
}

export const handler = createHandler(liveDependencies());
