import { withDurableExecution } from '@aws/durable-execution-sdk-js';
import { createConfigurations } from '../../../src/configuration/configurations.ts';
import { createEmailChannel } from '../../../src/messaging/carriers/email.ts';
import type { AttemptResult } from '../../../src/messaging/carriers/single-attempt.ts';
import { createSmsChannel } from '../../../src/messaging/carriers/sms.ts';
import { createDelivery } from '../../../src/messaging/deliver-message.ts';
import type { Delivery } from '../../../src/messaging/delivery.ts';
import { createTableClient } from '../../../src/platform/table.ts';
import { Channel } from '../../../src/schemas/message/channel.ts';
import type { ReadAccountFacts } from '../../../src/schemas/profile/account-facts.ts';
import { createRunSteps } from '../../../src/workflows/engine/run-steps.ts';
import { runWorkflow } from '../../../src/workflows/engine/run-workflow.ts';
import { welcome } from '../../../src/workflows/welcome/definition.ts';

/** A run that says one thing by the channel in `CHANNEL`, whose process dies of SIGKILL at the moment named in `DIES`. */
const { CHANNEL, DIES, TABLE_NAME = '' } = process.env;
const now = () => Date.now();
const table = createTableClient(TABLE_NAME);
const configurations = createConfigurations(table, now);
const accountFacts: ReadAccountFacts = async () => ({ known: false, why: 'not-configured', at: now() });
const sources = { table, configurations, accountFacts, now, publicUrl: 'https://messages.example.com' };
const delivery = createDelivery({ ...sources, sms: dying(createSmsChannel()), email: dying(createEmailChannel()) });

const runSources = { table, configurations, accountFacts, startExecution: async () => undefined, now };

export const handler = withDurableExecution(
  runWorkflow(welcome, { steps: createRunSteps('welcome', runSources), delivery: dyingDelivery() }, ({ sendMessage }) => {
    const channel = Channel.parse(CHANNEL);
    return sendMessage({ step: `notice-${channel}`, channel, kind: 'notice' });
  }),
);

function dieAt(point: string): void {
  if (point === DIES) process.kill(process.pid, 'SIGKILL');
}

/** A carrier's channel that dies with the carrier's answer in hand. */
function dying<Message>(channel: { send(message: Message): Promise<AttemptResult> }) {
  return {
    async send(message: Message) {
      const result = await channel.send(message);
      dieAt('after-the-call');
      return result;
    },
  };
}

function dyingDelivery(): Delivery {
  return {
    ...delivery,
    async claim(message, run) {
      dieAt('before-the-claim');
      const claim = await delivery.claim(message, run);
      dieAt('after-the-claim');
      return claim;
    },
    async send(message) {
      dieAt('before-the-call');
      return delivery.send(message);
    },
    async finalize(message, result) {
      await delivery.finalize(message, result);
      dieAt('after-the-record');
    },
  };
}
