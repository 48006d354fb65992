import { type BrowserContext, devices, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { eventually } from '../../../test/builders/service.ts';
import { openStage, type Stage, TENANT } from './stage.ts';

const HOUR_SECONDS = 3_600;
const PHONE = devices['Pixel 7'];
/** The narrowest supported screen. */
const NARROW = { width: 320, height: 568 };

let stage: Stage;
let context: BrowserContext;
let page: Page;
/** All requests of a test's pages. */
let asked: URL[];

beforeAll(async () => {
  stage = await openStage();
}, 180_000);
afterAll(() => stage.end());

/** A phone without JavaScript, like the browsers of mail and text apps. */
async function takePhone(more: object = {}): Promise<void> {
  context = await stage.browser.newContext({ ...PHONE, viewport: NARROW, javaScriptEnabled: false, ...more });
  page = await context.newPage();
  page.on('request', (request) => asked.push(new URL(request.url())));
}
beforeEach(async () => {
  asked = [];
  await takePhone();
});
afterEach(async () => {
  await context.close();
  expect(new Set(asked.map(({ origin }) => origin))).toEqual(new Set([stage.service.apiUrl]));
});

/** Waits for the text, which appears once the previous page's form was answered. */
const shows = (words: string) => page.locator('body', { hasText: words }).waitFor();
const button = (name: string) => page.getByRole('button', { name });

describe('the page of an offer, on a phone without JavaScript', () => {
  test('leads from an expired plan, by one tap, to exactly one subscription', async () => {
    const { account, inText, phone } = await stage.offer('acc-tap');
    await page.goto(inText);
    await shows('Browser Mobile offers you one more month. Accept it here, once.');
    for (const secret of [account, phone]) expect(await page.content()).not.toContain(secret);
    expect(await stage.plansOf(account)).toBe(0);

    await button('Accept').tap();
    await shows('You have accepted one more month');
    const messages = await eventually(
      () => stage.messagesTo(account),
      (all) => all.some(({ text }) => text.includes('one more month is yours now')),
    );
    expect(await stage.plansOf(account)).toBe(1);

    // A browser may handle a page that came from a form in its own way.
    await page.reload();
    await shows('You have accepted one more month');
    await page.goBack();
    if (await button('Accept').isVisible()) await button('Accept').tap();
    await page.goto(inText);
    await shows('You have accepted one more month');
    expect(await page.getByRole('button').count()).toBe(0);
    expect(await stage.plansOf(account)).toBe(1);
    expect(await stage.messagesTo(account)).toHaveLength(messages.length);
  });

  test('fits the narrowest screen, with buttons that a thumb finds', async () => {
    const { inMail } = await stage.offer('acc-fits');
    await page.goto(inMail);
    for (const name of ['Accept', 'No, thank you']) {
      const box = await button(name).boundingBox();
      expect(box?.x).toBeGreaterThanOrEqual(0);
      expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual(NARROW.width);
      expect((box?.y ?? 0) + (box?.height ?? 0)).toBeLessThanOrEqual(NARROW.height);
      expect(box?.height).toBeGreaterThanOrEqual(44);
    }
    const wide = await page.locator('html').boundingBox();
    expect(wide?.width).toBe(NARROW.width);
  });

  test('takes a no, and says so from then on', async () => {
    const { account, inText } = await stage.offer('acc-no');
    await page.goto(inText);
    await button('No, thank you').tap();
    await shows('You do not want one more month');
    await page.goto(inText);
    await shows('You do not want one more month');
    expect(await page.getByRole('button').count()).toBe(0);
    expect(await stage.plansOf(account)).toBe(0);
  });

  test("speaks the subscriber's language", async () => {
    const { inText } = await stage.offer('acc-es', 'es');
    await page.goto(inText);
    expect(await page.locator('html').getAttribute('lang')).toBe('es');
    await shows('Browser Mobile te ofrece un mes más.');
    await button('Aceptar').tap();
    await shows('Has aceptado un mes más.');
  });

  test('says when an offer is over, also to who had it open', async () => {
    const { account, inText } = await stage.offer('acc-over');
    await page.goto(inText);
    await stage.advance(72 * HOUR_SECONDS + 60);
    await button('Accept').tap();
    await shows('This offer is over. Nothing was changed on your account.');
    await page.goto(inText);
    await shows('This offer is over.');
    expect(await page.getByRole('button').count()).toBe(0);
    expect(await stage.plansOf(account)).toBe(0);
  });

  test('is the same for every link that leads nowhere', async () => {
    const nowhere = ['A'.repeat(22), 'x', 'A'.repeat(21)].map((token) => `${stage.service.apiUrl}/o/${token}`);
    const pages = new Set<string>();
    for (const address of nowhere) {
      const response = await page.goto(address);
      expect(response?.status()).toBe(404);
      pages.add(await page.content());
    }
    expect(pages.size).toBe(1);
    await shows('This link does not work');
  });
});

test('the page to unsubscribe, on a phone without JavaScript, asks first and then ends marketing by email', async () => {
  const { account, unsubscribe } = await stage.offer('acc-leave');
  const consent = async () => {
    const { consents } = await stage.service.read(TENANT, `/accounts/${account}/profile`);
    return (consents as { marketing: { email: { given: boolean } } }).marketing.email.given;
  };
  await page.goto(unsubscribe);
  await shows('news and offers from Browser Mobile?');
  expect(await consent()).toBe(true);
  await button('Unsubscribe').tap();
  await shows('You are unsubscribed: Browser Mobile sends you no more emails with news and offers.');
  expect(await page.getByRole('button').count()).toBe(0);
  expect(await consent()).toBe(false);
});

test('/docs makes a call with a token of its own, and asks no other host for anything', async () => {
  await context.close();
  await takePhone({ javaScriptEnabled: true, viewport: { width: 1_280, height: 900 }, isMobile: false });
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(error.message));
  await page.goto(`${stage.service.apiUrl}/docs`);
  await page.locator('form input[name=tenant]').fill(TENANT);
  await button('Get a token').click();
  await page.getByText(`now carries a token of ${TENANT}`).waitFor();

  await page.goto(`${stage.service.apiUrl}/docs#?route=get-/v1/tenants/-tenant-/events`);
  await page.locator('input[data-pname="tenant"]').fill(TENANT);
  const answered = page.waitForResponse((response) => new URL(response.url()).pathname === `/v1/tenants/${TENANT}/events`);
  await page
    .locator('button.m-btn.primary', { hasText: /try|execute/i })
    .first()
    .click();
  const reply = await answered;
  expect(reply.status()).toBe(200);
  expect(await reply.json()).toMatchObject({ data: expect.any(Array) });
  expect(faults).toEqual([]);
});
