import type { CarrierWord } from '../carriers.ts';
import type { SentIn } from '../drive.ts';
import type { OnRecord, SentOut } from '../record.ts';
import type { TotogiBook } from '../record-offers.ts';
import type { Recorder } from '../recorder.ts';
import type { Opened, Pressed, Texted } from '../subscribers.ts';

export type Ledgers = 'in and record' | 'record' | 'record and out' | 'out' | 'record and Totogi' | 'Totogi' | 'what was done to it';

/** `looked` counts the compared items; `wrong` describes the failed ones. */
export type Check = { claim: string; ledgers: Ledgers; looked: number; wrong: string[] };

export type Evidence = {
  sentIn: SentIn;
  record: OnRecord;
  sentOut: SentOut;
  recorder: Recorder;
  carrierReceipts: Map<string, CarrierWord>;
  contacts: Contacts;
  opened: Opened[];
  pressed: Pressed[];
  texted: Texted[];
  /** How many texts SNS delivered again. */
  textedAgain: number;
  totogi: TotogiBook;
  /** No workflow ran. */
  ingestOnly: boolean;
};

/** The profiles that the proof wrote, by `<tenant> <account>`. */
export type Contacts = Map<string, { phone: string; email: string; agreesToMarketing: boolean }>;

/** `fault` returns what is wrong with one, if anything is. */
export function checkEach<One>(claim: string, ledgers: Ledgers, all: Iterable<One>, fault: (one: One) => string | undefined): Check {
  const check: Check = { claim, ledgers, looked: 0, wrong: [] };
  for (const one of all) {
    check.looked++;
    const wrong = fault(one);
    if (wrong !== undefined) check.wrong.push(wrong);
  }
  return check;
}
