import { handOver } from './hand-over.ts';
import { keepTrying } from './persistence.ts';
import { type Said, type StoryDependencies, story } from './story.ts';

const NOTICE: Said = { step: 'notice-sms', channel: 'sms', moment: 'notice' };

/** A plan that ends is often reported twice, as expired and as cancelled. The shortest plans sold last an hour: each end of one is its own story. */
const EPISODE = { subject: 'ended', seconds: 30 * 60 };

/** A plan has ended: say so, as a service. An offer to come back is a message of its own; where the tenant has none, the story ends there. */
export function winBack(deps: StoryDependencies<'win-back'>) {
  return story('win-back', deps, async (told, context) => {
    const opened = await context.step('open-story', () => deps.run.openStory(told.start, EPISODE), keepTrying);
    if (opened.opening !== 'open') return { outcome: 'absorbed', reason: opened.by };
    const notice = await told.say(NOTICE);
    await handOver(told, context, deps.run);
    return { outcome: told.handsOver ? 'handed-over' : 'no-offer-configured', reason: notice.reason ?? notice.outcome };
  });
}
