import * as z from 'zod';

// The parts of CloudFormation resources that the local service reads, with intrinsic functions resolved. Numbers that CloudFormation also
// accepts as text are coerced (parameters are text); defaults are CloudFormation's own.

export const Template = z.object({
  Parameters: z.record(z.string(), z.object({ Type: z.string(), Default: z.unknown().optional() })).default({}),
  Conditions: z.record(z.string(), z.unknown()).default({}),
  Resources: z.record(
    z.string(),
    z.object({
      Type: z.string(),
      Condition: z.string().exactOptional(),
      Properties: z.record(z.string(), z.unknown()).default({}),
    }),
  ),
});

export const LambdaFunction = z.object({
  FunctionName: z.string(),
  Handler: z.string(),
  Timeout: z.coerce.number().default(3),
  Role: z.string(),
  DeadLetterConfig: z.object({ TargetArn: z.string() }).exactOptional(),
  DurableConfig: z.object({ ExecutionTimeout: z.coerce.number(), RetentionPeriodInDays: z.coerce.number().default(14) }).exactOptional(),
  Environment: z.object({ Variables: z.record(z.string(), z.coerce.string()) }).default({ Variables: {} }),
});

export const FunctionAlias = z.object({ Name: z.string(), FunctionName: z.string() });

const KeySchema = z.array(z.object({ AttributeName: z.string(), KeyType: z.enum(['HASH', 'RANGE']) }));

export const Table = z.object({
  TableName: z.string(),
  BillingMode: z.literal('PAY_PER_REQUEST'),
  AttributeDefinitions: z.array(z.object({ AttributeName: z.string(), AttributeType: z.enum(['S', 'N', 'B']) })),
  KeySchema,
  GlobalSecondaryIndexes: z
    .array(z.object({ IndexName: z.string(), KeySchema, Projection: z.object({ ProjectionType: z.literal('ALL') }) }))
    .exactOptional(),
});

export const EventRule = z.object({
  Name: z.string().exactOptional(),
  EventBusName: z.string().exactOptional(),
  EventPattern: z.record(z.string(), z.unknown()),
  State: z.literal('ENABLED').default('ENABLED'),
  // Strict, because a target with an input transformer would get the wrong event.
  Targets: z.array(
    z.strictObject({
      Arn: z.string(),
      Id: z.string(),
      DeadLetterConfig: z.unknown().optional(),
      RetryPolicy: z.unknown().optional(),
    }),
  ),
});

export const Queue = z.object({
  QueueName: z.string().exactOptional(),
  VisibilityTimeout: z.coerce.number().default(30),
  MessageRetentionPeriod: z.coerce.number().default(345_600),
  RedrivePolicy: z.object({ maxReceiveCount: z.coerce.number(), deadLetterTargetArn: z.string() }).optional(),
});

export const EventSourceMapping = z.object({
  EventSourceArn: z.string(),
  FunctionName: z.string(),
  BatchSize: z.coerce.number().default(10),
  MaximumBatchingWindowInSeconds: z.coerce.number().default(0),
  FunctionResponseTypes: z.array(z.string()).default([]),
  ScalingConfig: z.object({ MaximumConcurrency: z.coerce.number() }).default({ MaximumConcurrency: 1_000 }),
});

export const Integration = z.object({
  IntegrationType: z.literal('AWS_PROXY'),
  IntegrationUri: z.string(),
  PayloadFormatVersion: z.literal('2.0'),
});

export const Route = z.object({
  RouteKey: z.string(),
  Target: z.string(),
  AuthorizationType: z.enum(['JWT', 'NONE']).default('NONE'),
  AuthorizationScopes: z.array(z.string()).default([]),
});

export const CorsConfiguration = z.object({
  AllowOrigins: z.array(z.string()),
  AllowMethods: z.array(z.string()),
  AllowHeaders: z.array(z.string()),
  ExposeHeaders: z.array(z.string()),
  MaxAge: z.coerce.number(),
});

export const HttpApi = z.object({ CorsConfiguration: CorsConfiguration.exactOptional() });

export const RouteLimit = z.object({ ThrottlingRateLimit: z.coerce.number(), ThrottlingBurstLimit: z.coerce.number() });

export const HttpApiStage = z.object({
  DefaultRouteSettings: RouteLimit.exactOptional(),
  RouteSettings: z.record(z.string(), RouteLimit).exactOptional(),
});
