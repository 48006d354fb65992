import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { preview } from '../../../commands/preview/preview.ts';
import { type ConfigurationFolder, copyConfiguration } from '../../builders/configuration-folder.ts';

let folder: ConfigurationFolder;
beforeEach(() => {
  folder = copyConfiguration();
  folder.keepOnly(['win-back', 'low-allowance', 'retention-offer', 'offer-redeemed', 'sms-reply']);
});
afterEach(() => folder.remove());

const FILE = 'offers/mvno-aurora.yml';
const GRANT = 'grant: { kind: subscribe, plan: p-1 }';
const GOAL = 'attribution: { goal: { type: NewPlanActivated } }';
const NAME = 'name: { en: a month, es: un mes }';
const TRIGGER = 'trigger: { workflows: [win-back] }';

/** One offer that holds, a field a line, with lines changed or added. Its first field is on line 3. */
function offers(changes: Record<string, string> = {}): string {
  const fields = {
    id: 'id: a-month',
    name: NAME,
    class: 'class: marketing',
    trigger: TRIGGER,
    grant: GRANT,
    validHours: 'validHours: 24',
    goal: GOAL,
  };
  const budget = { budget: 'budget: { total: 5 }' };
  const lines = Object.values({ ...fields, ...budget, ...changes }).filter((line) => line !== '');
  return `tenant: mvno-aurora\noffers:\n  - ${lines.join('\n    ')}\n`;
}

test('offers are part of the version, and an offer that holds stands in it with its defaults', () => {
  const before = folder.read().published[0];
  folder.write(FILE, offers());
  const { published, faults } = folder.read();
  expect(faults).toEqual([]);
  expect(published[0]?.version).not.toBe(before?.version);
  expect(published[0]?.offers).toMatchObject([
    { id: 'a-month', channels: ['sms'], priority: 100, holdoutPercent: 0, exclusions: { hadBefore: true, anotherWithinDays: 30 } },
  ]);
});

describe('a file of offers that does not hold', () => {
  test.each([
    ['is no YAML', 'tenant: mvno-aurora\noffers: [', '2', '(file)', /is not YAML/, /syntax/],
    ['names another tenant', offers().replace('tenant: mvno-aurora', 'tenant: mvno-other'), '1', 'tenant', /mvno-aurora/, /rename/],
    ['has a field nobody knows', offers({ x: 'validHour: 3' }), '11', 'offers.0.validHour', /is an unknown field/, /"validHours"/],
    ['lacks its end', offers({ validHours: '' }), '3', 'offers.0.validHours', /is missing/, /Add it/],
    ['is a service message', offers({ class: 'class: service' }), '5', 'offers.0.class', /none of: marketing/, /marketing/],
    ['is never triggered', offers({ trigger: 'trigger: {}' }), '6', 'offers.0.trigger', /at least one workflow/, /at least one/],
    [
      'is triggered by what hands nothing over',
      offers({ trigger: 'trigger: { workflows: [welcome] }' }),
      '6',
      'offers.0.trigger.workflows.0',
      /none of/,
      /win-back/,
    ],
    ['grants nothing known', offers({ grant: 'grant: { kind: gift }' }), '7', 'offers.0.grant.kind', /./, /./],
    [
      'gives a negative amount',
      offers({ grant: 'grant: { kind: create-balance, balanceType: b, amount: -1 }' }),
      '7',
      'offers.0.grant.amount',
      />0/,
      /more than 0/,
    ],
    [
      'is for scores above 1',
      offers({ x: 'audience: { churnScore: { to: 2 } }' }),
      '11',
      'offers.0.audience.churnScore.to',
      /<=1/,
      /at most 1/,
    ],
    [
      'is for scores from high to low',
      offers({ x: 'audience: { churnScore: { from: 0.9, to: 0.1 } }' }),
      '11',
      'offers.0.audience.churnScore.to',
      /at least `from`/,
      /./,
    ],
    ['holds everybody out', offers({ x: 'holdoutPercent: 100' }), '11', 'offers.0.holdoutPercent', /<=90/, /at most 90/],
    [
      'reminds after its end',
      offers({ x: 'reminderHoursBefore: 30' }),
      '11',
      'offers.0.reminderHoursBefore',
      /less than validHours/,
      /less than validHours/,
    ],
    [
      'has a goal that nobody documented',
      offers({ goal: 'attribution: { goal: { type: Happiness } }' }),
      '9',
      'offers.0.attribution.goal.type',
      /none of/,
      /NewPlanActivated/,
    ],
    ['is named in one language', offers({ name: 'name: { en: a month }' }), '4', 'offers.0.name', /"es"/, /es/],
    [
      'is for a language nobody speaks',
      offers({ x: 'audience: { languages: [fr] }' }),
      '11',
      'offers.0.audience.languages',
      /"fr"/,
      /en, es/,
    ],
  ])('%s', (_, text, line, field, fault, remedy) => {
    folder.write(FILE, text);
    const errors = folder.faults().filter(({ severity }) => severity === 'error');
    expect(errors).toMatchObject([
      { at: `${FILE}:${line}`, field, fault: expect.stringMatching(fault), remedy: expect.stringMatching(remedy) },
    ]);
  });

  test('gives two offers one id', () => {
    const [, , one] = /(tenant.*\noffers:\n)([\s\S]*)/.exec(offers()) ?? [];
    folder.write(FILE, `${offers()}${one}`);
    expect(folder.faults()).toMatchObject([{ severity: 'error', at: `${FILE}:11`, field: 'offers.1.id' }]);
  });

  test('belongs to no tenant', () => {
    folder.write('offers/mvno-nobody.yml', offers());
    expect(folder.faults()).toMatchObject([{ severity: 'error', at: 'offers/mvno-nobody.yml:1', fault: 'belongs to no tenant' }]);
  });

  test('lacks words of its own in one of the languages', async () => {
    folder.write(FILE, offers({ x: 'template: spring', channels: 'channels: [sms]' }));
    folder.write('templates/en/retention-offer.spring.sms.liquid', '---\nclass: marketing\n---\nSpring: {{ offer }} {{ offerLink }}');
    expect(folder.faults()).toMatchObject([
      { severity: 'error', fault: 'has no template es/retention-offer.spring.sms.liquid', remedy: expect.stringMatching(/^Write /) },
    ]);
    folder.write('templates/es/retention-offer.spring.sms.liquid', '---\nclass: service\n---\nPrimavera');
    expect(folder.faults()).toMatchObject([{ severity: 'error', field: 'class', remedy: 'Write class: marketing' }]);
    folder.write('templates/es/retention-offer.spring.sms.liquid', '---\nclass: marketing\n---\nPrimavera: {{ offerLink }}');
    folder.write('templates/en/offer-redeemed.spring.sms.liquid', '---\nclass: service\n---\nSpring is yours: {{ offer }}');
    expect(folder.faults()).toEqual([]);
    const shown = await folder.run(preview, 'retention-offer.spring.sms', '--tenant', 'mvno-aurora');
    expect(shown.out).toContain('Spring: a free month');
    folder.write(FILE, offers({ x: 'template: autumn' }));
    expect(folder.faults()).toMatchObject([
      { severity: 'error', fault: 'has no template en/retention-offer.autumn.sms.liquid' },
      { severity: 'error', fault: 'has no template es/retention-offer.autumn.sms.liquid' },
      ...['en/offer-redeemed', 'en/retention-offer', 'es/retention-offer'].map((name) => ({
        severity: 'warning',
        at: `templates/${name}.spring.sms.liquid:1`,
        fault: 'has words that no offer takes',
      })),
    ]);
  });

  test.each([
    ['has no limit', offers({ budget: '' }), 'offers.0.budget'],
    ['allows a day more than there are', offers({ budget: 'budget: { total: 5, perDay: 6 }' }), 'offers.0.budget.perDay'],
  ])('%s: a warning', (_, text, field) => {
    folder.write(FILE, text);
    expect(folder.faults()).toMatchObject([{ severity: 'warning', field }]);
  });

  test('waits for a workflow that is off: a warning', () => {
    folder.write(FILE, offers());
    folder.write(
      'tenants/mvno-aurora.yml',
      'tenant: mvno-aurora\nname: A\nlanguages: [en, es]\nworkflows: { win-back: { enabled: false } }\n',
    );
    expect(folder.faults()).toContainEqual(expect.objectContaining({ severity: 'warning', field: 'offers.0.trigger.workflows' }));
  });
});
