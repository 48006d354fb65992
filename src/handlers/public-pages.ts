import { type Configurations, createConfigurations } from '../configuration/configurations.ts';
import { findSubscription } from '../messaging/find-subscription.ts';
import { askPage, donePage, unknownPage } from '../messaging/unsubscribe-page.ts';
import { type HttpReply, type HttpRequest, httpHandler } from '../platform/http.ts';
import { HttpProblem } from '../platform/problem.ts';
import { readSettings } from '../platform/settings.ts';
import { createTableClient, type Table } from '../platform/table.ts';
import { setConsent } from '../profiles/consents.ts';

export type PagesDependencies = { table: Table; configurations: Configurations; now: () => number };

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
    const subscription = await findSubscription(deps, pathParameters.token ?? '', deps.now());
    if (!subscription) return unknownPage();
    if (routeKey === 'GET /u/{token}') return askPage(subscription);
    const { tenant, account } = subscription;
    const source = isOneClick(request.body) ? 'email-one-click' : 'unsubscribe-page';
    const at = new Date(deps.now()).toISOString();
    await setConsent(deps.table, { tenant, account }, { class: subscription.class, channel: 'email', given: false, source, at });
    return donePage(subscription);
  });
}

/** Mail programs send it as form data, URL-encoded or multipart. */
function isOneClick(body: string | undefined): boolean {
  return /List-Unsubscribe["=\s]+One-Click/.test(body ?? '');
}

const table = createTableClient(readSettings(['tableName']).tableName);
const now = () => Date.now();

export const handler = createHandler({ table, configurations: createConfigurations(table, now), now });
