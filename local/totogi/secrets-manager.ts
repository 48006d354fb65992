import * as z from 'zod';
import { type HttpReply, jsonReply } from '../http-server.ts';
import { credentials } from './oauth.ts';

export const getSecretValueTarget = 'secretsmanager.GetSecretValue';
const jsonType = 'application/x-amz-json-1.1';
/** The format of src/totogi/secrets.ts. */
const NAME = /^totogi-notifications\/local\/[A-Za-z0-9][A-Za-z0-9._-]*\/totogi$/;

const Request = z.object({ SecretId: z.string().min(1) });

/** Returns the local Totogi's key and secret for every tenant of this stage. */
export function getSecretValue(body: unknown): HttpReply {
  const request = Request.safeParse(body);
  if (!request.success) return jsonReply(400, { __type: 'InvalidParameterException', message: 'SecretId is missing.' }, jsonType);
  const { SecretId } = request.data;
  if (!NAME.test(SecretId)) {
    const message = `Secrets Manager can't find the specified secret: here, names are totogi-notifications/local/<tenant>/totogi.`;
    return jsonReply(400, { __type: 'ResourceNotFoundException', message }, jsonType);
  }
  const ARN = `arn:aws:secretsmanager:us-east-1:000000000000:secret:${SecretId}-local0`;
  return jsonReply(200, { ARN, Name: SecretId, SecretString: JSON.stringify(credentials) }, jsonType);
}
