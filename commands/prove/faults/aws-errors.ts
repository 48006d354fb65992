import type { HttpReply } from '../../../local/http-server.ts';
import type { Service } from './fault-kinds.ts';

type Answers = { throttled: HttpReply; error: HttpReply };

const inXml = (status: number, type: string, code: string): HttpReply => ({
  status,
  headers: { 'content-type': 'text/xml' },
  body: `<ErrorResponse><Error><Type>${type}</Type><Code>${code}</Code><Message>${code}</Message></Error><RequestId>proof</RequestId></ErrorResponse>`,
});
const inJson = (status: number, code: string): HttpReply => ({
  status,
  headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amzn-errortype': code },
  body: JSON.stringify({ __type: code, Type: 'Service', message: code, Message: code }),
});
const carrier: Answers = { throttled: inXml(400, 'Sender', 'Throttling'), error: inXml(500, 'Receiver', 'InternalFailure') };

/** How each service words that it has too much to do, and that it failed. */
export const ERRORS: Record<Service, Answers> = {
  DynamoDB: {
    throttled: inJson(400, 'com.amazonaws.dynamodb.v20120810#ThrottlingException'),
    error: inJson(500, 'com.amazonaws.dynamodb.v20120810#InternalServerError'),
  },
  Lambda: { throttled: inJson(429, 'TooManyRequestsException'), error: inJson(500, 'ServiceException') },
  SNS: carrier,
  SES: carrier,
};
