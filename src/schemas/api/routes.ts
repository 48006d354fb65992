import { DEAD_LETTER_ROUTES } from './dead-letter-routes.ts';
import { DEMO_ROUTES } from './demo-routes.ts';
import { EVENT_ROUTES } from './event-routes.ts';
import { FAILED_ACTIVATION_ROUTES } from './failed-activation-routes.ts';
import { MARKETING_ROUTES } from './marketing-routes.ts';
import { OFFER_ROUTES } from './offer-routes.ts';
import { OPERATION_ROUTES } from './operation-routes.ts';
import { PROFILE_ROUTES } from './profile-routes.ts';
import { PUBLIC_ROUTES } from './public-routes.ts';
import { REPLAY_ROUTES } from './replay-routes.ts';
import type { Route } from './route.ts';
import { UNKNOWN_TENANT_ROUTES } from './unknown-tenant-routes.ts';

/** Every route is declared here once: a test compares the stack's routes with it. */
export const ROUTES = {
  ...EVENT_ROUTES,
  ...OPERATION_ROUTES,
  ...REPLAY_ROUTES,
  ...DEAD_LETTER_ROUTES,
  ...MARKETING_ROUTES,
  ...PROFILE_ROUTES,
  ...OFFER_ROUTES,
  ...FAILED_ACTIVATION_ROUTES,
  ...UNKNOWN_TENANT_ROUTES,
  ...DEMO_ROUTES,
  ...PUBLIC_ROUTES,
} as const satisfies Record<string, Route>;

export type RouteName = keyof typeof ROUTES;

export type RouteOf<Served extends (typeof ROUTES)[RouteName]['servedBy']> = {
  [Name in RouteName]: (typeof ROUTES)[Name]['servedBy'] extends Served ? Name : never;
}[RouteName];
