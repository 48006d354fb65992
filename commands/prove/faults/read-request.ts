import type { Seam } from './fault-kinds.ts';

/** The parsed part of a checkpoint's update. */
export type StepUpdate = { Type?: string; Action?: string; Name?: string; Id?: string };

/** An account's change carries a transaction ID that makes a repeat safe, if Totogi supports one for it. */
export type AskedOfTotogi = { operation: string; account: string; isChange: boolean; transactionId?: string | undefined };

export type ReadRequest = {
  seam: Seam;
  /** The sort key's kind and the whole key if the request is about one record; for a transaction, those of its first write. */
  record?: { kind: string; key: string };
  /** The parsed body of a request to DynamoDB. */
  item?: Record<string, unknown>;
  /** A write that only succeeds if the key is free. */
  createsOnce?: boolean;
  /** DynamoDB's idempotency token of a transaction: a repeat gets the first answer, and writes nothing. */
  transaction?: string;
  start?: { workflow: string; name: string | undefined };
  checkpoint?: { arn: string; updates: StepUpdate[] };
  isSend?: boolean;
  totogi?: AskedOfTotogi;
};
