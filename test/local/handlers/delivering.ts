import { withDurableExecution } from '@aws/durable-execution-sdk-js';
import type { Delivery } from '../../../src/channels/delivery.ts';
import { createEmailChannel } from '../../../src/channels/email.ts';
import { createDelivery } from '../../../src/channels/message-delivery.ts';
import type { AttemptResult } from '../../../src/channels/single-attempt.ts';
import { createSmsChannel } from '../../../src/channels/sms.ts';
import type { ReadAccountFacts } from '../../../src/schemas/account-facts.ts';
import { Channel } from '../../../src/schemas/channel.ts';
import { createConfigurations } from '../../../src/store/configurations.ts';
import { createTableClient } from '../../../src/store/table.ts';
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
