import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createHandler } from '../../src/handlers/public-pages.ts';
import { issueLink } from '../../src/messaging/links.ts';
import { claimMessage } from '../../src/messaging/message-records.ts';
import { readItem } from '../../src/platform/table.ts';
import { findProfile } from '../../src/profiles/profile-records.ts';
import { messageKey, profileKey } from '../../src/schemas/keys.ts';
import type { MessageRecord } from '../../src/schemas/message/message.ts';
import { published } from '../builders/configuration.ts';
import { lambdaContext, loggedLines } from '../builders/lambda.ts';
import { claimedMessage, MAIL } from '../builders/receipts.ts';
import { openTestTable, type TestTable } from '../builders/table.ts';
import { httpRequest } from '../cloudformation/minimal-events.ts';

const NOW = Date.parse('2026-05-01T08:01:00Z');

let opened: TestTable;
let round = 0;
beforeAll(async () => {
  opened = await openTestTable();
});
afterAll(() => opened.close());
beforeEach(() => {
  round += 1;
});

async function linkTo(parts: Partial<Omit<MessageRecord, 'state'>> = {}, expiresAt?: number): Promise<string> {
  const message = claimedMessage({ account: `acc-${round}`, class: 'marketing', ...parts });
  await claimMessage(opened.table, message);
  const { tenant, account, eventId, workflow, step } = message;
  return issueLink(opened.table, { kind: 'unsubscribe', target: messageKey(tenant, account, eventId, workflow, step), expiresAt });
}

async function ask(method: 'GET' | 'POST', token: string, body?: string) {
  const path = `/u/${token}`;
  const event = httpRequest({ route: `${method} /u/{token}`, path, pathParameters: { token } });
  const configuration = published({ name: 'Ex & <Co>' });
  const configurations = { current: async () => configuration, version: async () => configuration };
  const handler = createHandler({ table: opened.table, configurations, now: () => NOW });
  const { result, lines } = await loggedLines(() =>
    handler({ ...event, ...(body === undefined ? {} : { body }) } as unknown as APIGatewayProxyEventV2, lambdaContext()),
  );
  expect(JSON.stringify(lines)).not.toContain(token);
  return result as { statusCode: number; headers: Record<string, string>; body: string };
}

const consents = async () => (await findProfile(opened.table, 'mvno-example', `acc-${round}`))?.consents;

describe('the unsubscribe page', () => {
  test('asks, with a form that needs no JavaScript, and changes nothing', async () => {
    const token = await linkTo();
    const page = await ask('GET', token);
    expect(page.statusCode).toBe(200);
    expect(page.body).toContain('<form method="post"><button type="submit">');
    expect(page.body).toContain('news and offers from Ex &amp; &lt;Co&gt;?');
    expect(page.body).not.toContain('<script');
    expect(page.body).toContain('width=device-width');
    expect(await ask('GET', token)).toEqual(page);
    expect(await consents()).toBeUndefined();
  });

  test('holds no personal data, is kept nowhere and loads nothing', async () => {
    const { headers, body } = await ask('GET', await linkTo());
    expect(body).not.toMatch(new RegExp(`${MAIL}|acc-${round}`));
    expect(headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'content-security-policy': expect.stringMatching(
        /^default-src 'none'; style-src 'sha256-\S+'; form-action 'self'; .*frame-ancestors 'none'/,
      ),
    });
  });

  test('speaks the language of the message', async () => {
    const page = await ask('GET', await linkTo({ language: 'es-MX' }));
    expect(page.body).toContain('<html lang="es">');
    expect(page.body).toContain('Darme de baja');
  });

  test.for([
    ['its own button', '', 'unsubscribe-page'],
    ['a mail program (RFC 8058)', 'List-Unsubscribe=One-Click', 'email-one-click'],
    [
      'a mail program that sends a form',
      '--x\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--x--',
      'email-one-click',
    ],
  ])('unsubscribes at a POST of %s, and may be told twice', async ([, body, source]) => {
    const token = await linkTo();
    const done = await ask('POST', token, body);
    expect(done.statusCode).toBe(200);
    expect(done.body).toContain('You are unsubscribed');
    const withdrawn = { given: false, source, at: new Date(NOW).toISOString() };
    expect(await consents()).toEqual({ marketing: { email: withdrawn } });
    expect(await ask('POST', token, body)).toEqual(done);
    expect(await consents()).toEqual({ marketing: { email: withdrawn } });
  });

  test('withdraws the class that the message is of', async () => {
    await ask('POST', await linkTo({ class: 'service' }));
    expect(await consents()).toEqual({ service: { email: expect.objectContaining({ given: false }) } });
  });

  test('answers one and the same page, to the byte, for every token that leads nowhere', async () => {
    const token = await linkTo();
    const altered = `${token.startsWith('A') ? 'B' : 'A'}${token.slice(1)}`;
    const expired = await linkTo({ step: 'reminder-email' }, NOW / 1_000);
    const regulatory = await linkTo({ step: 'confirmation-email', class: 'regulatory' });
    const none = await ask('GET', altered);
    expect(none.statusCode).toBe(404);
    for (const other of [expired, regulatory, 'x', '../u', 'A'.repeat(500), token.toLowerCase().padEnd(23, 'a')])
      expect(await ask('GET', other)).toEqual(none);
    expect(await ask('POST', altered, 'List-Unsubscribe=One-Click')).toEqual(none);
    expect(await ask('POST', expired)).toEqual(none);
    expect(await readItem(opened.table, profileKey('mvno-example', `acc-${round}`))).toBeUndefined();
  });
});
