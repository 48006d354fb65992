import { keepTrying } from './persistence.ts';
import { type StoryDependencies, story } from './story.ts';

/** Charging reports one renewal again within seconds. The shortest plans sold renew by the hour, so two renewals of a day are two stories. */
const EPISODE_SECONDS = 10 * 60;

/** A plan renewed: say so by text. Where the renewal had failed before, the text is the end of that story, told as such. */
export function renewalSucceeded(deps: StoryDependencies<'renewal-succeeded'>) {
  const { run } = deps;
  return story('renewal-succeeded', deps, async ({ start, say }, context) => {
    const failed = { workflow: 'renewal-failed', subject: 'renewal' } as const;
    const hadFailed = await context.step('close-the-story-of-the-failure', () => run.closeStory(start, failed), keepTrying);
    const moment = hadFailed ? 'confirmation' : 'notice';
    // A renewal that ends a failure is news even minutes after another one.
    const episode = { subject: moment, seconds: EPISODE_SECONDS };
    const opened = await context.step('open-story', () => run.openStory(start, episode), keepTrying);
    if (opened.opening !== 'open') return { outcome: 'absorbed', reason: opened.by };
    return say({ step: `${moment}-sms`, channel: 'sms', moment });
  });
}
