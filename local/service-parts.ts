import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { AwsEndpointOptions } from './aws-endpoint.ts';
import type { Clock } from './clock.ts';
import type { DurableExecutions } from './durable/durable-executions.ts';
import type { LocalFunctions } from './functions/functions.ts';
import type { Outbox } from './outbox/outbox.ts';
import type { LocalQueue } from './queue/queue.ts';
import type { State } from './state.ts';
import type { PackagedStack } from './template/packaged-stack.ts';
import type { LocalTotogi } from './totogi/totogi.ts';

/** What a harness puts around the handlers, such as faults; `npm start` puts nothing there. */
export type ServiceEnvironment = {
  /** Where the functions find AWS: a proxy in front of the endpoint. */
  awsUrl: string;
  /** Where they find SNS and SES, which can then be out of reach by themselves. */
  carriersUrl: string;
  /** Where they find Totogi, tokens too. */
  totogiUrl: string;
  around: (functions: LocalFunctions, clock: Clock) => LocalFunctions;
};

export type Parts = { state: State; clock: Clock; stack: PackagedStack; functions: LocalFunctions; totogi: LocalTotogi; outbox: Outbox };

/** What is behind the addresses, for a harness in the same process. Queues stand in the order of the stack's. */
export type ServiceParts = Parts & {
  queues: LocalQueue[];
  durable: DurableExecutions;
  client: DynamoDBDocumentClient;
  aws: AwsEndpointOptions;
};
