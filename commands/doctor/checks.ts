import type { Check } from './check.ts';
import { alarmsTopic } from './checks/alarms-topic.ts';
import { clock } from './checks/clock.ts';
import { configuration } from './checks/configuration.ts';
import { deadLetters } from './checks/dead-letters.ts';
import { emailAccount } from './checks/email-account.ts';
import { emailIdentities } from './checks/email-identities.ts';
import { emailReceipts } from './checks/email-receipts.ts';
import { eventBus } from './checks/event-bus.ts';
import { eventLog } from './checks/event-log.ts';
import { rules } from './checks/rules.ts';
import { smsAccount } from './checks/sms-account.ts';
import { smsProtect } from './checks/sms-protect.ts';
import { smsReplies } from './checks/sms-replies.ts';
import { table } from './checks/table.ts';
import { totogiKeys } from './checks/totogi-keys.ts';

/** In the order of an event's path: in, through, out. */
export const CHECKS: Check[] = [
  clock,
  eventBus,
  eventLog,
  rules,
  deadLetters,
  table,
  configuration,
  totogiKeys,
  emailAccount,
  emailIdentities,
  emailReceipts,
  smsAccount,
  smsProtect,
  smsReplies,
  alarmsTopic,
];
