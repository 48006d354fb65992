import type { z } from 'zod';
import type { EventReply } from '../event/recorded-event.ts';
import type { Explanation, MessageReply, OfferReply, RunReply, TimelineEntry } from './explanation.ts';

export const eventExample: z.input<typeof EventReply> = {
  id: '01KQH8TTYTM3KJF3DRW8XWMH1X',
  tenant: 'mvno-aurora',
  account: 'acc-2001',
  device: '14155550142',
  type: 'CounterThreshold',
  name: 'Data Thresholds',
  state: 'warning90',
  previousState: 'normal',
  threshold: 107374182,
  session: 'session-12',
  fields: {},
  occurredAt: '2026-05-01T08:00:12.250Z',
  receivedAt: '2026-05-01T08:00:13.020Z',
};

const runExample: z.input<typeof RunReply> = {
  eventId: eventExample.id,
  workflow: 'low-allowance',
  state: 'finished',
  steps: [
    { kind: 'start', step: 'start', state: 'done', at: '2026-05-01T08:00:13.200Z' },
    { kind: 'wait', step: 'quiet-period', state: 'done', at: '2026-05-01T08:00:13.310Z', until: '2026-05-01T08:02:13.310Z' },
    { kind: 'message', step: 'notice-sms', state: 'delivered', at: '2026-05-01T08:02:13.480Z' },
    { kind: 'finish', step: 'finish', state: 'done', at: '2026-05-01T08:02:14.020Z' },
  ],
  waits: [{ step: 'quiet-period', at: '2026-05-01T08:00:13.310Z', until: '2026-05-01T08:02:13.310Z' }],
  result: { outcome: 'sent' },
  startedAt: '2026-05-01T08:00:13.200Z',
  finishedAt: '2026-05-01T08:02:14.020Z',
  summary: 'low-allowance: message sent.',
};

const messageExample: z.input<typeof MessageReply> = {
  eventId: eventExample.id,
  workflow: 'low-allowance',
  step: 'notice-sms',
  channel: 'sms',
  class: 'service',
  template: 'low-allowance',
  language: 'en',
  state: 'delivered',
  parts: 1,
  encoding: 'GSM-7',
  claimedAt: '2026-05-01T08:02:13.480Z',
  finalizedAt: '2026-05-01T08:02:13.800Z',
  receiptAt: '2026-05-01T08:02:16.000Z',
  receipt: { kind: 'delivery', response: 'Message has been accepted by phone' },
  summary: 'The SMS "notice-sms" was delivered.',
};

export const explanationExample: z.input<typeof Explanation> = {
  event: eventExample,
  workflows: [{ ...runExample, messages: [messageExample] }],
  configuration: '6f1c9d0e2b7a4853',
  summary: runExample.summary,
};

export const offerExample: z.input<typeof OfferReply> = {
  offerId: eventExample.id,
  offer: 'extra-gigabyte',
  configuration: '6f1c9d0e2b7a4853',
  state: 'issued',
  issuedAt: '2026-05-01T08:02:14.000Z',
  validUntil: '2026-05-03T08:02:14.000Z',
  attributedUntil: '2026-05-31T08:02:14.000Z',
  deliveredBy: ['sms'],
  summary: 'The offer "extra-gigabyte" was issued and can be accepted until 2026-05-03T08:02:14.000Z.',
};

export const timelineExample: z.input<typeof TimelineEntry>[] = [
  { kind: 'offer', offer: offerExample },
  { kind: 'message', message: messageExample },
  { kind: 'run', run: runExample },
  { kind: 'event', event: eventExample },
];
