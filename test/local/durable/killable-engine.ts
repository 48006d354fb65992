import { InvokeCommand } from '@aws-sdk/client-lambda';
import { functionPrefix, startEngine } from './engine.ts';

/**
 * A process of its own for tests that kill it: `node killable-engine.ts <folder> <function key> <name> <payload>` starts the run and
 * writes `suspended` when its function has left with something to wait for.
 */
const [directory = '', key, name, payload = '{}'] = process.argv.slice(2);
const { client, state } = await startEngine(directory);
await client.send(
  new InvokeCommand({
    FunctionName: `${functionPrefix}-${key}`,
    Qualifier: 'durable',
    InvocationType: 'Event',
    DurableExecutionName: name,
    Payload: payload,
  }),
);
const suspended = state.db.prepare('SELECT 1 FROM durable_executions WHERE invoke_at IS NULL');
const look = setInterval(() => {
  if (!suspended.get()) return;
  clearInterval(look);
  console.log('suspended');
}, 5);
// The process stays until it is killed.
setInterval(() => undefined, 60_000);
