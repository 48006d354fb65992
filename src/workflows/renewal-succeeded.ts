import { keepTrying } from './persistence.ts';
import { type StoryDependencies, story } from './story.ts';

/** A plan renewed: say so by text. Where the renewal had failed before, the text is the end of that story, told as such. */
export function renewalSucceeded(deps: StoryDependencies<'renewal-succeeded'>) {
  const { run } = deps;
  return story('renewal-succeeded', deps, async ({ start, say }, context) => {
    const failed = { workflow: 'renewal-failed', subject: 'renewal' } as const;
    const hadFailed = await context.step('close-the-story-of-the-failure', () => run.closeStory(start, failed), keepTrying);
    const moment = hadFailed ? 'confirmation' : 'notice';
    return say({ step: `${moment}-sms`, channel: 'sms', moment });
  });
}
