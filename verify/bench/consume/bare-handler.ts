import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { SQSEvent } from 'aws-lambda';

const client = DynamoDBDocumentClient.from(new DynamoDBClient(), { marshallOptions: { removeUndefinedValues: true } });
const ConditionExpression = 'attribute_not_exists(pk) OR expiresAt <= :now';

/** The floor: parses, and writes the same item as the service, on the same condition. No validation, no logging. */
export async function handler(event: SQSEvent) {
  await Promise.all(
    event.Records.map(async ({ body }) => {
      const { id, detail } = JSON.parse(body);
      const { accountid, deviceid: device, charginginformation, notificationinformation } = detail.eventdata;
      const { name, state, prevstate: previousState, threshold, notificationfields: fields } = notificationinformation;
      const account = { pk: `TENANT#${detail.providerid}#ACCOUNT#${accountid}`, sk: `EVENT#${id.slice(0, 26)}` };
      const timeline = `TENANT#${detail.providerid}#DAY#${detail.invocationtimestamp.slice(0, 10)}#${id.length % 8}`;
      const content = {
        device,
        type: 'CounterThreshold',
        name,
        state,
        previousState,
        session: charginginformation.chargingsessionidentifier,
      };
      const texts = { threshold: threshold && String(threshold), fields: fields && JSON.stringify(fields) };
      const decision = { start: [], reason: 'workflow-off', configuration: 'bench' };
      const Item = { ...account, timeline, ...content, ...texts, receivedAt: new Date().toISOString(), decision };
      const ExpressionAttributeValues = { ':now': Math.floor(Date.now() / 1_000) };
      await client.send(new PutCommand({ TableName: process.env.TABLE_NAME, Item, ConditionExpression, ExpressionAttributeValues }));
    }),
  );
  return { batchItemFailures: [] };
}
