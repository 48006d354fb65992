/** The process in which ingest is counted: the consumer reads its environment as it is imported. */
import { countIngestion } from './count-ingestion.ts';

process.once('message', async ({ events, seed }: { events: number; seed: number }) => {
  const taken = await countIngestion(events, seed);
  process.send?.(taken);
  process.disconnect();
});
