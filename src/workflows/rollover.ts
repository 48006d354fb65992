import { keepTrying } from './persistence.ts';
import { type Said, type StoryDependencies, story } from './story.ts';

const NOTICE: Said = { step: 'notice-sms', channel: 'sms', moment: 'notice' };

/** The payload names all that was carried over: a second event within minutes is about the same end of a month, and no plan has a month of minutes. */
const EPISODE = { subject: 'rollover', seconds: 30 * 60 };

/** An allowance was carried over: tell the subscriber by text how much, and how long it lasts. */
export function rollover(deps: StoryDependencies<'rollover'>) {
  return story('rollover', deps, async ({ start, say }, context) => {
    const opened = await context.step('open-story', () => deps.run.openStory(start, EPISODE), keepTrying);
    return opened.opening === 'open' ? say(NOTICE) : { outcome: 'absorbed', reason: opened.by };
  });
}
