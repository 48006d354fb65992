import { type HttpReply, jsonReply } from '../../../local/http-server.ts';
import type { Service } from './fault-kinds.ts';
import type { ReadRequest } from './seams.ts';

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
const ofForms: Answers = { throttled: inXml(400, 'Sender', 'Throttling'), error: inXml(500, 'Receiver', 'InternalFailure') };

const RETRY_AFTER_SECONDS = 2;
const totogi: Answers = {
  throttled: {
    ...jsonReply(429, { errors: [] }),
    headers: { 'content-type': 'application/json', 'retry-after': String(RETRY_AFTER_SECONDS) },
  },
  error: jsonReply(500, { errors: [{ errorType: 'InternalFailure' }] }),
};

const ERRORS: Record<Service, Answers> = {
  DynamoDB: {
    throttled: inJson(400, 'com.amazonaws.dynamodb.v20120810#ThrottlingException'),
    error: inJson(500, 'com.amazonaws.dynamodb.v20120810#InternalServerError'),
  },
  Lambda: { throttled: inJson(429, 'TooManyRequestsException'), error: inJson(500, 'ServiceException') },
  SNS: ofForms,
  SES: ofForms,
  STS: ofForms,
  'Secrets Manager': { throttled: inJson(400, 'ThrottlingException'), error: inJson(500, 'InternalServiceError') },
  Totogi: totogi,
};

/** Each service has its own form of throttling and error, and Totogi one for each operation. */
export function errorsFor({ seam: { service }, totogi: asked }: ReadRequest): Answers {
  return asked === undefined ? ERRORS[service] : { ...totogi, throttled: rateLimit(asked.operation) };
}

function rateLimit(operation: string): HttpReply {
  const retryAfter = new Date(Date.now() + RETRY_AFTER_SECONDS * 1_000).toISOString();
  return jsonReply(200, { data: { [operation]: { __typename: 'RateLimitExceeded', errorCode: 'RateLimitExceeded', retryAfter } } });
}
