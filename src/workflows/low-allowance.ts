import { tellOfCounter } from './counter-story.ts';
import { handOver } from './hand-over.ts';
import { type Said, type StoryDependencies, story } from './story.ts';

const NOTICE: Said = { step: 'notice-sms', channel: 'sms', moment: 'notice' };

/** An allowance is running low: tell the subscriber by text, once for all thresholds of a quiet period, unless it has recovered. */
export function lowAllowance(deps: StoryDependencies<'low-allowance'>) {
  return story('low-allowance', deps, (told, context) => {
    const speak = async () => {
      const notice = await told.say(NOTICE);
      await handOver(told, context, deps.run);
      return notice;
    };
    return tellOfCounter(told, context, deps.run, { says: [NOTICE], speak });
  });
}
