/** The process in which taking in is counted: the consumer reads its environment as it is imported. */
import { countTakingIn } from './count-taking-in.ts';

process.once('message', async ({ events, seed }: { events: number; seed: number }) => {
  const taken = await countTakingIn(events, seed);
  process.send?.(taken);
  process.disconnect();
});
