import * as z from 'zod';
import { Account, type Route, Tenant } from './route.ts';

/** A counter that is not good, as Totogi's demo front end reads it: it shows `message`, and identifies entries by `timestamp`. */
export const DemoNotification = z
  .object({
    timestamp: z.iso.datetime(),
    message: z.string(),
    thresholdType: z.string().meta({ description: 'The kind of counter: `data`, `voice`, `text`, `credit` or `allowance`.' }),
  })
  .meta({ id: 'DemoNotification' });
export type DemoNotification = z.infer<typeof DemoNotification>;

export const DEMO_ROUTES = {
  listDemoNotifications: {
    method: 'GET',
    path: '/notifications',
    servedBy: 'demo-api',
    scope: 'events:read',
    openedBy: 'DemoTenant',
    limit: { perSecond: 10, atOnce: 20 },
    summary: "List an account's counters that are not good",
    description:
      "For Totogi's demo front end, in its own format: the newest 25. Requires a token of the tenant, unless the stack names a demo tenant: then it requires none, and answers for that tenant only.",
    pathParameters: z.object({}),
    query: z.strictObject({ providerId: Tenant, accountId: Account }),
    reply: z.object({ items: z.array(DemoNotification) }),
    replies: 'The counters, the newest first',
    examples: {
      reply: {
        items: [{ timestamp: '2026-05-01T08:00:12.250Z', message: 'NOTIFICATION: Threshold data low 500 MB.', thresholdType: 'data' }],
      },
    },
  },
} as const satisfies Record<string, Route>;
