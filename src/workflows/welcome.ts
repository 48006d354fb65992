import { type Said, type StoryDependencies, story, together } from './story.ts';

const NOTICE: Said = { step: 'notice-sms', channel: 'sms', moment: 'notice' };
const MAIL: Said = { step: 'notice-email', channel: 'email', moment: 'notice' };

/** A new plan is active: welcome the subscriber by text and email. */
export function welcome(deps: StoryDependencies<'welcome'>) {
  return story('welcome', deps, async ({ say }) => together([await say(NOTICE), await say(MAIL)]));
}
