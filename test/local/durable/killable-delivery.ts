import { InvokeCommand } from '@aws-sdk/client-lambda';
import { functionPrefix, startEngine } from './engine.ts';

/** A process of its own for tests that kill it: `node killable-delivery.ts <folder> <payload> <environment>` starts a run that says something. */
const [directory = '', payload = '{}', environment = '{}'] = process.argv.slice(2);
const { client } = await startEngine(directory, {}, { key: 'delivering', environment: JSON.parse(environment) });
await client.send(
  new InvokeCommand({
    FunctionName: `${functionPrefix}-delivering`,
    Qualifier: 'durable',
    InvocationType: 'Event',
    DurableExecutionName: 'the-run',
    Payload: payload,
  }),
);
// The process stays until it is killed.
setInterval(() => undefined, 60_000);
