import type { ListRequest } from '../api/list-page.ts';
import { type EventList, listAccountEvents, listTenantEvents } from '../ingest/event-lists.ts';
import { findEvent } from '../ingest/event-records.ts';
import { HttpProblem } from '../platform/problem.ts';
import type { Table } from '../platform/table.ts';
import type { EventFilter } from '../schemas/api/list-query.ts';
import type { RecordedEvent } from '../schemas/event/recorded-event.ts';

/** Accounts can be named only in a list of the whole tenant. */
type Filter = EventFilter & { account?: string[] | undefined };

export type EventReference = { tenant: string; account: string; eventId: string };

/** @throws HttpProblem 404 when there is no such event. */
export async function getEvent(table: Table, { tenant, account, eventId }: EventReference): Promise<RecordedEvent> {
  const event = await findEvent(table, tenant, account, eventId);
  if (!event) throw new HttpProblem(404, 'No event with this ID exists for this account.');
  return event;
}

/** A tenant's events. A filter for one account reads that account alone. */
export function listEvents(table: Table, tenant: string, query: Filter): (list: ListRequest) => ReturnType<typeof listTenantEvents> {
  const [account, ...others] = query.account ?? [];
  return (list) =>
    account === undefined || others.length > 0
      ? listTenantEvents(table, { ...list, ...eventFilter(query), tenant })
      : listAccountEvents(table, { ...list, ...eventFilter(query), tenant, account });
}

export function eventFilter({ type, account, state, device, name }: Filter): Pick<EventList, 'accepts'> {
  const isOrAny = (wanted: string[] | undefined, found: string | undefined) =>
    wanted === undefined || (found !== undefined && wanted.includes(found));
  const accepts = ({ notification }: RecordedEvent) =>
    (type === undefined || type.includes(notification.type)) &&
    isOrAny(account, notification.account) &&
    isOrAny(state, notification.state) &&
    isOrAny(device, notification.device) &&
    isOrAny(name, notification.name);
  return { accepts };
}
