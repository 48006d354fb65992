import { tellOfCounter } from './counter-story.ts';
import { type Said, type StoryDependencies, story, together } from './story.ts';

const NOTICE: Said = { step: 'notice-sms', channel: 'sms', moment: 'notice' };
const MAIL: Said = { step: 'notice-email', channel: 'email', moment: 'notice' };

/** The credit has reached the level the subscriber set: say so by text. Where it has run out, say so by text and email. Neither when it was topped up meanwhile. */
export function creditAlert(deps: StoryDependencies<'credit-alert'>) {
  return story('credit-alert', deps, (told, context) =>
    tellOfCounter(told, context, deps.run, {
      says: told.type === 'OutOfCredit' ? [NOTICE, MAIL] : [NOTICE],
      async speak() {
        const text = await told.say(NOTICE);
        return told.type === 'OutOfCredit' ? together([text, await told.say(MAIL)]) : text;
      },
    }),
  );
}
