import { get } from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout } from 'node:timers/promises';
import type { Context } from 'aws-lambda';

type Order = { do: 'report' | 'throw' | 'sleep' | 'crash' | 'block' | 'exit' | 'ask'; ms?: number; url?: string };

/** Does what the event says. */
export async function handler(order: Order, context: Context): Promise<unknown> {
  if (order.do === 'throw') throw new TypeError('as ordered');
  if (order.do === 'sleep') return setTimeout(order.ms ?? 0, 'slept');
  if (order.do === 'crash') setImmediate(crash);
  if (order.do === 'block') blockForEver();
  if (order.do === 'exit') process.exit(1);
  if (order.do === 'crash') return setTimeout(60_000);
  if (order.do === 'ask') return ask(order.url ?? '');
  console.log('a line for the log');
  const date = new Date();
  return {
    now: Date.now(),
    constructed: date.getTime(),
    called: Date(),
    isDate: date instanceof Date && date.constructor === Date,
    fixed: new Date('2026-01-02T03:04:05Z').toISOString(),
    environment: process.env,
    remainingMs: context.getRemainingTimeInMillis(),
    functionName: context.functionName,
    arn: context.invokedFunctionArn,
  };
}

async function ask(url: string): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  get(url, (response) => void text(response).then(resolve, reject)).once('error', reject);
  return promise;
}

function crash(): never {
  throw new Error('the thread is lost');
}

function blockForEver(): never {
  for (;;);
}
