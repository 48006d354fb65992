export type QueueSettings = {
  batchSize: number;
  /** How long the mapping waits to fill a batch; 0 for no wait. */
  maximumBatchingWindowSeconds: number;
  /** A failed message becomes visible again after this. */
  visibilityTimeoutSeconds: number;
  /** A message received this often without success goes to the dead-letter queue at its next turn. */
  maxReceiveCount: number;
  maximumConcurrency: number;
  /** Whether the mapping reads `batchItemFailures` from the reply. */
  reportBatchItemFailures: boolean;
  retentionSeconds: number;
  deadLetterQueue: { name: string; retentionSeconds: number };
};
