import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Table } from '../../src/platform/table.ts';
import { messageKey } from '../../src/schemas/keys.ts';
import type { MessageReference, MessageState } from '../../src/schemas/message/message.ts';

/** Puts a message into a state as if nothing had happened since, without its carrier's id. */
export async function updateState(table: Table, message: MessageReference, state: MessageState): Promise<void> {
  const { tenant, account, eventId, workflow, step } = message;
  await table.client.send(
    new UpdateCommand({
      TableName: table.name,
      Key: messageKey(tenant, account, eventId, workflow, step),
      UpdateExpression: 'SET #state = :state REMOVE providerMessageId, finalizedAt',
      ExpressionAttributeNames: { '#state': 'state' },
      ExpressionAttributeValues: { ':state': state },
    }),
  );
}
