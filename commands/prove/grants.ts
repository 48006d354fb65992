import type { HttpReply } from '../../local/http-server.ts';
import type { ReadRequest } from './faults/read-request.ts';
import type { Started } from './recorder.ts';

/** A change that Totogi made to an account, seen as it answered. `offerId`: the offer whose run asked for it. */
export type Granted = { tenant: string; account: string; offerId: string; operation: string; transactionId: string | undefined };

const DONE = new Set(['SubscribeToPlanVersionPayload', 'BalancePayload']);

/** What Totogi gave with this answer, if it gave anything: not so where it says no, or that the transaction was done before. */
export function grantOf({ totogi }: ReadRequest, { status, body }: HttpReply, by: Started | undefined): Granted | undefined {
  if (totogi?.isChange !== true || status !== 200) return undefined;
  const { data } = JSON.parse(String(body)) as { data?: Record<string, { __typename?: string }> | null };
  const { operation, account, transactionId } = totogi;
  if (!DONE.has(data?.[operation]?.__typename ?? '')) return undefined;
  return { tenant: by?.tenant ?? '', account, offerId: by?.eventId ?? 'no offer', operation, transactionId };
}
