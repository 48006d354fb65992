import * as z from 'zod';
import type { Channel } from '../message/channel.ts';
import { MessageClass } from '../message/message-class.ts';
import { Offer } from '../offer/offer.ts';
import { TenantConfiguration } from './tenant-configuration.ts';

/** An email of some 3,000 words. */
export const MAX_TEMPLATE_CHARACTERS = 20_000;

export const MessageTemplate = z.strictObject({
  class: MessageClass,
  subject: z.string().min(1).max(200).optional(),
  /** India: the ID of the registered template (DLT). */
  dltTemplateId: z.string().min(1).optional(),
  text: z.string().min(1).max(MAX_TEMPLATE_CHARACTERS),
});
export type MessageTemplate = z.infer<typeof MessageTemplate>;

export function templateName(workflow: string, channel: Channel, own?: string): string {
  return own === undefined ? `${workflow}.${channel}` : `${workflow}.${own}.${channel}`;
}

/** Immutable: the version is a digest of the content. */
export const PublishedConfiguration = z.object({
  version: z.string(),
  configuration: TenantConfiguration,
  /** By `<language>/<workflow>.<channel>`. */
  templates: z.record(z.string(), MessageTemplate),
  offers: z.array(Offer),
});
export type PublishedConfiguration = z.infer<typeof PublishedConfiguration>;
