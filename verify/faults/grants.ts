import type { HttpReply } from '../../local/http-server.ts';
import type { ReadRequest } from './injection/seams.ts';

/** A run, from the request that started it. */
export type Started = { workflow: string; tenant: string; account: string; eventId: string };

/** A change that Totogi made to an account, from its answer. `offerId` is the offer whose run requested it. */
export type Granted = { tenant: string; account: string; offerId: string; operation: string; transactionId: string | undefined };

const DONE = new Set(['SubscribeToPlanVersionPayload', 'BalancePayload']);

/** Undefined if Totogi changed nothing: it rejected the request, or had executed the transaction before. */
export function grantOf({ totogi }: ReadRequest, { status, body }: HttpReply, by: Started | undefined): Granted | undefined {
  if (totogi?.isChange !== true || status !== 200) return undefined;
  const { data } = JSON.parse(String(body)) as { data?: Record<string, { __typename?: string }> | null };
  const { operation, account, transactionId } = totogi;
  if (!DONE.has(data?.[operation]?.__typename ?? '')) return undefined;
  return { tenant: by?.tenant ?? '', account, offerId: by?.eventId ?? 'no offer', operation, transactionId };
}
