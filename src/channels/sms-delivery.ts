import { readCounter } from '../rules/counter-meaning.ts';
import { findPhone } from '../rules/find-contact.ts';
import { humanAmount } from '../rules/human-amount.ts';
import type { MessageRecord, MessageReference, RefusalReason, SendResult } from '../schemas/message.ts';
import type { Profile } from '../schemas/profile.ts';
import type { RecordedEvent } from '../schemas/recorded-event.ts';
import type { PublishedConfiguration } from '../schemas/tenant-configuration.ts';
import type { Configurations } from '../store/configurations.ts';
import { findEvent } from '../store/events.ts';
import { claimMessage, findMessage, settleMessage } from '../store/messages.ts';
import { findProfile } from '../store/profiles.ts';
import type { Table } from '../store/table.ts';
import { chooseTemplate, renderText, type TemplateVariables } from './message-text.ts';
import type { SmsChannel } from './sms.ts';

/** What a step may tell its run about a claim: never the number or the text, which stay on the message record. */
export type Claim = { outcome: 'claimed' } | { outcome: 'refused'; reason: string };

/** The three parts of sending one text, each a step of its own: claim, send what was claimed, put the outcome on record. */
export type SmsDelivery = {
  claim(reference: MessageReference, run: { owner: string; configuration: string }): Promise<Claim>;
  send(reference: MessageReference): Promise<SendResult>;
  settle(reference: MessageReference, result: SendResult): Promise<void>;
};

/** What delivering a text needs. */
export type SmsDeliveryDependencies = { table: Table; configurations: Configurations; sms: SmsChannel; now: () => number };

/** Delivers texts: claimed on record first, handed to the carrier at most once, the outcome on record. */
export function openSmsDelivery(deps: SmsDeliveryDependencies): SmsDelivery {
  return {
    async claim(reference, run) {
      const message = await draft(deps, reference, run);
      const { outcome, message: stored } = await claimMessage(deps.table, message);
      if (outcome === 'refused') return { outcome: 'refused', reason: 'claimed-by-another-run' };
      return stored.state === 'refused' ? { outcome: 'refused', reason: stored.reason ?? 'refused' } : { outcome: 'claimed' };
    },
    async send(reference) {
      const message = await findMessage(deps.table, reference);
      if (message?.state !== 'claimed' || message.to === undefined || message.text === undefined)
        return { outcome: 'failed', reason: 'not-claimed' };
      return deps.sms.send({ to: message.to, text: message.text, senderId: message.senderId });
    },
    async settle(reference, result) {
      await settleMessage(deps.table, reference, result, deps.now());
    },
  };
}

async function draft(
  deps: SmsDeliveryDependencies,
  reference: MessageReference,
  run: { owner: string; configuration: string },
): Promise<MessageRecord> {
  const [event, profile, published] = await Promise.all([
    findEvent(deps.table, reference.tenant, reference.account, reference.eventId),
    findProfile(deps.table, reference.tenant, reference.account),
    deps.configurations.version(reference.tenant, run.configuration),
  ]);
  if (!event) throw new Error(`Event ${reference.eventId}, which a message is about, is not on record.`);
  const template = `${reference.workflow}.sms`;
  const claimedAt = new Date(deps.now()).toISOString();
  const common = { ...reference, ...run, channel: 'sms' as const, template, claimedAt };
  return { ...common, ...content(event, profile, published, template) };
}

type Content =
  | (Pick<MessageRecord, 'to' | 'text' | 'class' | 'senderId'> & { state: 'claimed' })
  | { state: 'refused'; reason: RefusalReason };

function content(event: RecordedEvent, profile: Profile | undefined, published: PublishedConfiguration, templateName: string): Content {
  const to = findPhone(event.notification, profile);
  if (to === undefined) return { state: 'refused', reason: 'no-contact' };
  const chosen = chooseTemplate(templateName, published, profile);
  if (!chosen) return { state: 'refused', reason: 'no-template' };
  const text = renderText(chosen.template, variables(event, published, chosen.language));
  return { state: 'claimed', to, text, class: chosen.template.class, senderId: published.configuration.senderId };
}

function variables({ notification }: RecordedEvent, { configuration }: PublishedConfiguration, language: string): TemplateVariables {
  const counter = readCounter(notification, configuration);
  return {
    brand: configuration.name,
    type: notification.type,
    level: counter?.meaning ?? 'low',
    unit: counter?.unit ?? null,
    counts: counter?.counts ?? 'remaining',
    amount: humanAmount(notification.threshold, counter?.unit, language, configuration.currency) ?? null,
  };
}
