import { type Said, type StoryDependencies, story } from './story.ts';

const NOTICE: Said = { step: 'notice-sms', channel: 'sms', moment: 'notice' };

/** An allowance was carried over: tell the subscriber by text how much, and how long it lasts. */
export function rollover(deps: StoryDependencies<'rollover'>) {
  return story('rollover', deps, ({ say }) => say(NOTICE));
}
