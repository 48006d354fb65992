import { appendFileSync } from 'node:fs';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';

/** Writes what it gets into the file each message names, and fails those that say `fails`. */
export async function handler({ Records }: SQSEvent): Promise<SQSBatchResponse> {
  const batchItemFailures = [];
  for (const record of Records) {
    const { file, name, fails } = JSON.parse(record.body) as { file: string; name: string; fails?: boolean };
    appendFileSync(file, `${name} ${record.attributes.ApproximateReceiveCount}\n`);
    if (fails) batchItemFailures.push({ itemIdentifier: record.messageId });
  }
  return { batchItemFailures };
}
