import { keepTrying } from './persistence.ts';
import { type Said, type StoryDependencies, story, together } from './story.ts';

const NOTICE: Said = { step: 'notice-sms', channel: 'sms', moment: 'notice' };
const MAIL: Said = { step: 'notice-email', channel: 'email', moment: 'notice' };

/** Another plan is welcomed by itself; the same one again only when so much later that somebody bought it twice. */
const EPISODE = { subject: 'welcome', seconds: 10 * 60 };

/** A new plan is active: welcome the subscriber by text and email. */
export function welcome(deps: StoryDependencies<'welcome'>) {
  return story('welcome', deps, async ({ start, say }, context) => {
    const opened = await context.step('open-story', () => deps.run.openStory(start, EPISODE), keepTrying);
    if (opened.opening !== 'open') return { outcome: 'absorbed', reason: opened.by };
    return together([await say(NOTICE), await say(MAIL)]);
  });
}
