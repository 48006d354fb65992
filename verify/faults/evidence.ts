import type { CarrierWord } from './carriers.ts';
import type { Contacts, Evidence } from './checks/check.ts';
import type { SentIn } from './drive.ts';
import type { Harness } from './harness.ts';
import { readOutboxes, readRecord } from './record.ts';
import { readTotogiBook } from './record-offers.ts';
import type { Subscribers } from './subscribers.ts';

/** What the proof did; the ledgers are read at the end. */
type Known = {
  sentIn: SentIn;
  contacts: Contacts;
  carrierReceipts: Map<string, CarrierWord>;
  /** Undefined if no workflow ran. */
  subscribers: Subscribers | undefined;
};

/** Reads the ledgers after everything has finished. */
export async function evidenceOf(harness: Harness, { subscribers, ...known }: Known): Promise<Evidence> {
  const { opened = [], pressed = [], texted = [] } = subscribers ?? {};
  const record = await readRecord(harness);
  const book = readTotogiBook(harness.parts.state);
  const seen = { sentOut: readOutboxes(harness), recorder: harness.watch.recorder, totogi: book };
  return {
    ...known,
    ...seen,
    record,
    opened,
    pressed,
    texted,
    textedAgain: subscribers?.textedAgain() ?? 0,
    ingestOnly: subscribers === undefined,
  };
}
