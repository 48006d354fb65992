/** How a queue and the mapping that empties it into a function behave. */
export type QueueSettings = {
  /** Most messages one invocation gets. */
  batchSize: number;
  /** How long the mapping gathers messages for a batch that is not full; 0 = it does not wait. */
  maximumBatchingWindowSeconds: number;
  /** How long a received message is hidden; one that failed comes back after it. */
  visibilityTimeoutSeconds: number;
  /** A message received this often without success goes to the dead letters at its next turn. */
  maxReceiveCount: number;
  /** Most batches in the function's hands at once. */
  maximumConcurrency: number;
  /** Whether the mapping reads `batchItemFailures` from the reply. */
  reportBatchItemFailures: boolean;
  retentionSeconds: number;
  /** Where messages go that were received too often. */
  deadLetterQueue: { name: string; retentionSeconds: number };
};
