import type * as z from 'zod';
import type { NotificationType } from '../schemas/event/notification-type.ts';
import type { Channel } from '../schemas/message/channel.ts';
import type { MessageKind } from '../schemas/message/message-kind.ts';

/** `step` is unique in its run. A plot that sends a message several times numbers it. */
export type MessageDefinition = { readonly step: string; readonly channel: Channel; readonly kind: MessageKind };

/** What the tenant's configuration, the choice of workflows, the checks of templates and the stack know of a workflow. */
export type WorkflowDefinition = {
  /** Its folder, function, log, records and templates have this name. */
  readonly name: string;
  /** The notifications that start it. Each type starts one workflow. */
  readonly startedBy: readonly NotificationType[];
  /** What a tenant can set. */
  readonly settings: z.ZodObject;
  /** Finds settings that are valid alone but not together: warnings for whoever writes them, with a `remedy` among an issue's `params`. */
  readonly plausibleSettings?: z.ZodType;
  /** Those with a template of the workflow's own. */
  readonly messages: { readonly [message: string]: MessageDefinition };
  /** Whether it starts the run of an offer after its notice, and may call that run's function. */
  readonly startsOffer: boolean;
  /** Whether it also runs when its event is stale. */
  readonly runsLate: boolean;
};

/** Definitions are data that every function has in its bundle. They import nothing that decides or acts. */
export function defineWorkflow<const Definition extends WorkflowDefinition>(definition: Definition): Definition {
  return definition;
}
