import type { LocalRoutes } from '../api/local-routes.ts';
import type { Clock } from '../clock.ts';
import type { State } from '../state.ts';
import { createAccountBook } from './account-book.ts';
import { createTotogiControl } from './control.ts';
import { createTotogiEndpoint, type TotogiEndpoint } from './endpoint.ts';
import { createExecute } from './execute.ts';
import { createFaults } from './faults.ts';
import { parseNotified } from './notification.ts';
import { createOauth } from './oauth.ts';
import { createOperations } from './operations.ts';

export type LocalTotogi = {
  handle: TotogiEndpoint['handle'];
  routes: LocalRoutes;
  /** Applies a notification to Totogi's own account data. */
  apply(event: Record<string, unknown>): void;
  close(): void;
};

export function createTotogi({ state, clock }: { state: State; clock: Clock }): LocalTotogi {
  const book = createAccountBook({ state, clock });
  const faults = createFaults();
  const oauth = createOauth({ now: clock.now });
  const endpoint = createTotogiEndpoint({ execute: createExecute(createOperations({ book, clock })), oauth, faults, clock });
  return {
    handle: endpoint.handle,
    routes: createTotogiControl({ book, faults, oauth, endpoint, now: clock.now }),
    apply({ detail }) {
      const notified = typeof detail === 'object' && detail !== null ? parseNotified({ ...detail }, clock.now()) : undefined;
      if (notified) book.apply(notified);
    },
    close: book.flush,
  };
}
