import { type ApiProblem, createClient, each } from 'totogi-notifications/client';
import { expect, test } from 'vitest';
import { totogiEvent } from '../builders/events.ts';
import { service } from './shared-service.ts';

const TENANT = 'mvno-client';

const refusal = (call: Promise<unknown>) => call.then(() => expect.fail('It was not refused.')).catch((error: ApiProblem) => error);

test("walks every page of a list, by the service's own cursors", async () => {
  const { token } = (await (
    await fetch(`${service.apiUrl}/local/token`, { method: 'POST', body: JSON.stringify({ tenant: TENANT }) })
  ).json()) as { token: string };
  const client = createClient({ baseUrl: service.apiUrl, token: async () => token });
  const invokedAt = (index: number) => new Date(Date.now() - index * 1_000).toISOString();
  await service.put(
    ['acc-1', 'acc 2%', 'acc-3', 'acc-4', 'acc-5'].map((account, index) => {
      const information = { name: 'AutoRenewFailure', state: 'renewFailure' };
      const { detail } = totogiEvent({ tenant: TENANT, account, invokedAt: invokedAt(index), information });
      return { Source: 'totogi.charging', DetailType: 'Notification', Detail: JSON.stringify(detail) };
    }),
  );

  const accounts = await service.settled(
    async () => {
      const found: string[] = [];
      const pages = each((at) => client.listTenantEvents(TENANT, { type: ['AutoRenewFailure'], limit: 2, ...at }));
      for await (const event of pages) found.push(event.account);
      return found;
    },
    ({ length }) => length === 5,
  );
  expect(accounts).toEqual(['acc-1', 'acc 2%', 'acc-3', 'acc-4', 'acc-5']);
  const { data } = await client.listAccountEvents(TENANT, 'acc 2%');
  expect(data).toMatchObject([{ account: 'acc 2%', type: 'AutoRenewFailure' }]);

  const refused = await refusal(client.listAccountEvents('mvno-other', 'acc-1'));
  expect(refused).toMatchObject({ name: 'ApiProblem', status: 403, requestId: expect.any(String) });
  const wrong = await refusal(client.listTenantEvents(TENANT, { limit: 1_000 }));
  expect(wrong).toMatchObject({ status: 400, errors: [{ parameter: 'limit' }] });
});
