import type { IncomingMessage } from 'node:http';
import * as z from 'zod';
import { type LocalRoutes, withBody } from '../api/local-routes.ts';
import { jsonReply } from '../http-server.ts';
import { Account, subscriptionTo } from './account.ts';
import type { AccountBook } from './account-book.ts';
import type { TotogiEndpoint } from './endpoint.ts';
import { Fault, type Faults } from './faults.ts';
import type { Oauth } from './oauth.ts';
import { plans } from './plans.ts';

const Time = z.iso.datetime({ offset: true, error: 'a time such as 2026-05-01T08:00:00Z' });
const planIds = plans.map(({ id }) => id);

/** Omitted fields stay unchanged. */
const AccountChange = z.strictObject({
  tenant: z.string('tenant must be text, for example "mvno-aurora"').min(1),
  account: z.string('account must be text, for example "acc-1"').min(1),
  ...Account.pick({ timezone: true, churnScore: true, customProperties: true, lifecycle: true, balances: true, exists: true }).partial()
    .shape,
  /** Replaces all subscriptions. */
  plans: z
    .array(
      z.strictObject({
        planId: z.enum(planIds, `planId must be one of ${planIds.join(', ')}`),
        from: Time.optional(),
        to: Time.optional(),
        used: z.boolean().default(true),
      }),
    )
    .optional(),
});
type AccountChange = z.infer<typeof AccountChange>;

type ControlOptions = { book: AccountBook; faults: Faults; oauth: Oauth; endpoint: TotogiEndpoint; now: () => number };

export function createTotogiControl({ book, faults, oauth, endpoint, now }: ControlOptions): LocalRoutes {
  function view(tenant: string, account: string): object {
    const records = book.records({
      provider: tenant,
      account,
      before: Number.MAX_SAFE_INTEGER,
      from: 0,
      to: Number.MAX_SAFE_INTEGER,
      most: 1_000,
    });
    const shown = records.map(({ at, action, data }) => ({ at: new Date(at).toISOString(), action, data: JSON.parse(data) }));
    return { tenant, account, ...book.read(tenant, account), records: shown };
  }

  return {
    '/local/totogi/accounts': {
      GET: async (request) => {
        const { tenant, account } = queryOf(request);
        return jsonReply(200, view(tenant, account));
      },
      POST: (request) =>
        withBody(request, AccountChange, async (change) => {
          book.write(change.tenant, change.account, changed(book.read(change.tenant, change.account), change, now()));
          return view(change.tenant, change.account);
        }),
    },
    '/local/totogi/faults': {
      GET: async () => jsonReply(200, { data: faults.list() }),
      POST: (request) =>
        withBody(request, Fault, async (fault) => {
          faults.add(fault);
          return { data: faults.list() };
        }),
      DELETE: async () => {
        faults.clear();
        return jsonReply(200, { data: [] });
      },
    },
    '/local/totogi/calls': { GET: async () => jsonReply(200, { data: endpoint.calls() }) },
    '/local/totogi/tokens': {
      DELETE: async () => {
        oauth.revoke();
        return jsonReply(200, { data: [] });
      },
    },
  };
}

function queryOf(request: IncomingMessage): { tenant: string; account: string } {
  const { searchParams } = new URL(request.url ?? '/', 'http://localhost');
  return { tenant: searchParams.get('tenant') ?? '', account: searchParams.get('account') ?? '' };
}

function changed(before: Account, { tenant: _, account: __, plans: wanted, ...change }: AccountChange, now: number): Account {
  const subscriptions = wanted?.map(({ planId, from, to, used }, index) => ({
    ...subscriptionTo(planId, `set-${now}-${index}`, from === undefined ? now : Date.parse(from), to),
    used,
  }));
  return Account.parse({ ...before, ...change, subscriptions: subscriptions ?? before.subscriptions });
}
