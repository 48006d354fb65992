import type { Seam } from './fault-kinds.ts';

/** An update of a checkpoint, as far as the proof reads it. */
export type StepUpdate = { Type?: string; Action?: string; Name?: string; Id?: string };

/** What Totogi is asked: an account's change carries the transaction that makes a repeat harmless, where Totogi knows one. */
export type AskedOfTotogi = { operation: string; account: string; isChange: boolean; transactionId?: string | undefined };

/** A request as the proof understands it. */
export type ReadRequest = {
  seam: Seam;
  /** The sort key's kind and the whole key, where the request is about one record; of a transaction that of its first write. */
  record?: { kind: string; key: string };
  /** The parsed body of a request to DynamoDB. */
  item?: Record<string, unknown>;
  /** A write that is done only where the key is free. */
  createsOnce?: boolean;
  /** By this DynamoDB knows a transaction again: a repeat is answered as the first was, and writes nothing. */
  transaction?: string;
  start?: { workflow: string; name: string | undefined };
  checkpoint?: { arn: string; updates: StepUpdate[] };
  isSend?: boolean;
  totogi?: AskedOfTotogi;
};
