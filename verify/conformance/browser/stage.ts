import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium } from 'playwright-core';
import * as z from 'zod';
import { copyConfiguration } from '../../../test/builders/configuration-folder.ts';
import { totogiEvent } from '../../../test/builders/events.ts';
import { eventually, type OutboxMessage, type RunningService, runService } from '../../../test/builders/service.ts';

export const TENANT = 'mvno-browser';
export const PLAN = 'plan-gold-30';

/** Offers at any hour, by text and by email, in two languages. */
const SETTINGS = `tenant: ${TENANT}
name: Browser Mobile
languages: [en, es]
hours: { default: { from: "00:00", to: "23:59" } }
caps: { perDay: 10, perWeek: 50 }
`;
const OPERATIONS = `tenant: ${TENANT}
country: US
totogi: { region: us-east-1 }
email: { from: { service: care@browser.example, marketing: news@browser.example } }
`;
const OFFERS = `tenant: ${TENANT}
offers:
  - id: one-more-month
    name: { en: one more month, es: un mes más }
    class: marketing
    trigger: { workflows: [win-back] }
    audience: { churnScore: { from: 0.5 } }
    grant: { kind: subscribe, plan: ${PLAN} }
    channels: [sms, email]
    validHours: 72
    attribution: { windowDays: 7, goal: { type: NewPlanActivated, plan: ${PLAN} } }
`;
const LINK = /\/(?:o|u)\/[A-Za-z0-9_-]{22}\b/g;

/** The links in the subscriber's messages, and their contacts. */
export type Offered = { account: string; phone: string; email: string; inText: string; inMail: string; unsubscribe: string };

export type Stage = {
  service: RunningService;
  browser: Browser;
  /** Expires the plan of a new account with a churn score of 0.8, and waits for the offer by text and by email. */
  offer(account: string, language?: 'en' | 'es'): Promise<Offered>;
  /** How many subscriptions to the offered plan the account has in Totogi. */
  plansOf(account: string): Promise<number>;
  messagesTo(account: string): Promise<OutboxMessage[]>;
  advance(seconds: number): Promise<void>;
  end(): Promise<void>;
};

const Program = z.object({ executable: z.string(), environment: z.record(z.string(), z.string()) });
const InTotogi = z.object({ subscriptions: z.array(z.object({ planId: z.string() })) });

/** Uses the browser that the suite found: TEST_BROWSER. */
export async function openStage(): Promise<Stage> {
  const { executable, environment } = Program.parse(JSON.parse(process.env.TEST_BROWSER ?? '{}'));
  const args = ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu'];
  const browser = await chromium.launch({ executablePath: executable, args, env: { ...process.env, ...environment } });
  const service = await runService();
  publish(service.awsUrl);
  let shiftMilliseconds = 0;
  let accounts = 0;
  const now = () => new Date(Date.now() + shiftMilliseconds).toISOString();
  const totogi = `${service.apiUrl}/local/totogi`;
  const messagesTo = async (account: string) => (await service.outbox()).filter((message) => message.account === account);

  return {
    service,
    browser,
    messagesTo,
    async offer(account, language = 'en') {
      accounts += 1;
      const [phone, email] = [`+14155550${String(100 + accounts)}`, `person-${accounts}@example.com`];
      const given = { given: true, source: 'test', at: '2026-01-01T00:00:00Z' };
      const consents = { marketing: { sms: given, email: given } };
      const place = { country: 'CI', timeZone: 'Africa/Abidjan' };
      await service.write(TENANT, `/accounts/${account}/profile`, { phone, email, language, ...place, consents });
      const known = { tenant: TENANT, account, churnScore: 0.8, plans: [], balances: [] };
      await fetch(`${totogi}/accounts`, { method: 'POST', body: JSON.stringify(known) });
      const { detail } = totogiEvent({ tenant: TENANT, account, invokedAt: now() });
      await service.put([{ Source: 'totogi.charging', DetailType: 'Notification', Detail: JSON.stringify(detail) }]);
      const messages = await eventually(
        () => messagesTo(account),
        (all) => all.some(({ text }) => text.includes('/u/')),
      );
      const links = messages.flatMap(({ text }) => text.match(LINK) ?? []).map((path) => `${service.apiUrl}${path}`);
      const [inText = '', inMail = '', unsubscribe = ''] = links;
      return { account, phone, email, inText, inMail, unsubscribe };
    },
    async plansOf(account) {
      const response = await fetch(`${totogi}/accounts?tenant=${TENANT}&account=${account}`);
      return InTotogi.parse(await response.json()).subscriptions.filter(({ planId }) => planId === PLAN).length;
    },
    async advance(seconds) {
      await service.advance(seconds);
      shiftMilliseconds += seconds * 1_000;
    },
    async end() {
      await browser.close();
      await service.end();
    },
  };
}

function publish(awsUrl: string): void {
  const folder = copyConfiguration();
  folder.write(`tenants/${TENANT}.yml`, SETTINGS);
  folder.write(`operations/${TENANT}.yml`, OPERATIONS);
  folder.write(`offers/${TENANT}.yml`, OFFERS);
  const command = ['commands/config-publish.ts', '--stage', 'local', '--directory', folder.directory];
  const cwd = fileURLToPath(new URL('../../../', import.meta.url));
  const { stdout, stderr } = spawnSync(process.execPath, command, {
    cwd,
    env: { ...process.env, AWS_ENDPOINT_URL: awsUrl },
    encoding: 'utf8',
  });
  folder.remove();
  if (!stdout.includes(TENANT)) throw new Error(`The configuration was not published: ${stdout}${stderr}`);
}
