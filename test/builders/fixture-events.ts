import { readdirSync, readFileSync } from 'node:fs';
import type { PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';

type Detail = Record<string, unknown> & { invocationtimestamp?: string; sk?: number };
type Fixture = { file: string; source: string; detailType: string; time: string; detail: Detail };

const folder = new URL('../fixtures/events/', import.meta.url);

/** The project's own sample events, by file name. */
export const fixtureEvents: Fixture[] = readdirSync(folder).map((file) => {
  const event = JSON.parse(readFileSync(new URL(file, folder), 'utf8'));
  return { file, source: event.source, detailType: event['detail-type'], time: event.time, detail: event.detail };
});

/** A fixture as PutEvents takes it, with its times moved by so many milliseconds. */
export function entryOf({ source, detailType, time, detail }: Fixture, movedBy: number): PutEventsRequestEntry {
  const moved: Detail = { ...detail };
  if (detail.invocationtimestamp) moved.invocationtimestamp = new Date(Date.parse(detail.invocationtimestamp) + movedBy).toISOString();
  if (detail.sk) moved.sk = detail.sk + movedBy * 1e6;
  return { Source: source, DetailType: detailType, Time: new Date(Date.parse(time) + movedBy), Detail: JSON.stringify(moved) };
}
