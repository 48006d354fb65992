/** In its own process, since the consumer reads its environment on import. */
import { countIngestion } from './count-ingestion.ts';

process.once('message', async ({ events, seed }: { events: number; seed: number }) => {
  const taken = await countIngestion(events, seed);
  process.send?.(taken);
  process.disconnect();
});
