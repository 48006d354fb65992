import * as z from 'zod';
import type { Channel } from './channel.ts';
import { MessageClass } from './message-class.ts';
import { Offer } from './offer.ts';
import { TenantConfiguration } from './tenant-configuration.ts';

/** An email of some 3,000 words. */
export const MAX_TEMPLATE_CHARACTERS = 20_000;

/** A message template as published: what it is for, and its text in Liquid. */
export const MessageTemplate = z.strictObject({
  class: MessageClass,
  /** Of an email, in Liquid too. */
  subject: z.string().min(1).max(200).optional(),
  /** India: the registered template's id (DLT). */
  dltTemplateId: z.string().min(1).optional(),
  text: z.string().min(1).max(MAX_TEMPLATE_CHARACTERS),
});
export type MessageTemplate = z.infer<typeof MessageTemplate>;

/** The name of a template: which workflow's message on which channel, and in which words where an offer has its own. */
export function templateName(workflow: string, channel: Channel, own?: string): string {
  return own === undefined ? `${workflow}.${channel}` : `${workflow}.${own}.${channel}`;
}

/** One immutable version of all that a tenant's people decide; the version is a digest of its content. */
export const PublishedConfiguration = z.object({
  version: z.string(),
  configuration: TenantConfiguration,
  /** By `<language>/<workflow>.<channel>`. */
  templates: z.record(z.string(), MessageTemplate),
  /** None in versions from before there were offers. */
  offers: z.array(Offer).default([]),
});
export type PublishedConfiguration = z.infer<typeof PublishedConfiguration>;
