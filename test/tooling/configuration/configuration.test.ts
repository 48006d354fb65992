import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { configCheck } from '../../../commands/configuration/check.ts';
import { type ConfigurationFolder, copyConfiguration } from '../../builders/configuration-folder.ts';

let folder: ConfigurationFolder;

beforeEach(() => {
  folder = copyConfiguration();
});
afterEach(() => folder.remove());

const MINIMAL = 'tenant: mvno-bad\nname: Bad\n';
const OPERATIONS = 'tenant: mvno-bad\nemail: { from: { service: care@bad.example } }\n';

describe('the configuration that ships', () => {
  test('holds without a warning, and has a version that only its content changes', () => {
    const { published, faults: none, templates } = folder.read();
    expect(none).toEqual([]);
    expect(templates).toBeGreaterThanOrEqual(26);
    expect(published.map(({ configuration }) => configuration.tenant)).toEqual(['mvno-aurora']);
    expect(folder.read().published).toEqual(published);
    folder.write('tenants/mvno-aurora.yml', 'tenant: mvno-aurora\nname: Another\n');
    expect(folder.read().published[0]?.version).not.toBe(published[0]?.version);
  });

  test('gives a tenant that says little the defaults, and warnings that it cannot mail, and that nobody knows what its device ids are', () => {
    folder.write('tenants/mvno-small.yml', 'tenant: mvno-small\nname: Small\n');
    const small = folder.read().published.find(({ configuration }) => configuration.tenant === 'mvno-small');
    expect(small?.configuration).toMatchObject({
      name: 'Small',
      language: 'en',
      languages: [],
      staleAfterHours: 48,
      contacts: ['profile', 'device'],
      hours: { countries: {} },
      caps: { perDay: 1, perWeek: 3 },
      workflows: { 'low-allowance': { enabled: true, quietMinutes: 10 }, welcome: { enabled: true, waitSeconds: 0 } },
    });
    expect(folder.faults()).toMatchObject([
      { severity: 'warning', at: 'tenants/mvno-small.yml:1', fault: expect.stringMatching(/no settings of operations/) },
      { severity: 'warning', at: 'operations/mvno-small.yml:1', field: 'email.from.service', fault: expect.stringMatching(/no-sender/) },
      { severity: 'warning', field: 'deviceIds', fault: expect.stringMatching(/no device id/) },
      { severity: 'warning', field: 'sms.countries', fault: expect.stringMatching(/no text goes out/) },
    ]);
  });

  test('has words of a tenant of its own go before those of all, and nobody else see them', () => {
    folder.write('tenants/mvno-own.yml', MINIMAL.replaceAll('mvno-bad', 'mvno-own'));
    folder.write('operations/mvno-own.yml', `${OPERATIONS.replaceAll('mvno-bad', 'mvno-own')}deviceIds: other\nsms: { countries: [US] }\n`);
    folder.write('tenants/mvno-own/templates/en/welcome.sms.liquid', '---\nclass: service\n---\n{{ brand }}: hiya\n');
    folder.write('tenants/mvno-own/templates/fr/welcome.sms.liquid', '---\nclass: service\n---\n{{ brand }}: salut\n');
    const { published, faults: none } = folder.read();
    const [aurora, own] = ['mvno-aurora', 'mvno-own'].map((name) => published.find(({ configuration }) => configuration.tenant === name));
    expect(none).toEqual([]);
    expect(own?.templates['en/welcome.sms']?.text).toBe('{{ brand }}: hiya\n');
    expect(own?.templates['fr/welcome.sms']?.text).toBe('{{ brand }}: salut\n');
    expect(own?.templates['en/rollover.sms']).toEqual(aurora?.templates['en/rollover.sms']);
    expect(aurora?.templates['en/welcome.sms']?.text).not.toContain('hiya');
    expect(aurora?.templates['fr/welcome.sms']).toBeUndefined();
  });
});

describe('a tenant file that does not hold', () => {
  beforeEach(() => folder.forgetTenants());

  const workflow = (name: string, settings: string) => `${MINIMAL}workflows:\n  ${name}:\n    ${settings}\n`;
  test.each([
    ['is no YAML', 'tenant: mvno-bad\nname: "x\n', '3', '(file)', /is not YAML/, /syntax/],
    ['says a thing twice', 'tenant: mvno-bad\nname: x\nname: y\n', '3', '(file)', /is not YAML: Map keys must be unique/, /syntax/],
    ['is empty', '', '1', '(file)', /expected object/, /object/],
    ['lacks a field', 'tenant: mvno-bad\n', '1', 'name', /is missing/, /Add it/],
    ['has a name for no text', `tenant: mvno-bad\nname: ${'x'.repeat(41)}\n`, '2', 'name', /<=40/, /at most 40 characters/],
    ['has a field nobody knows', `${MINIMAL}staleAfterHour: 3\n`, '3', 'staleAfterHour', /is an unknown field/, /"staleAfterHours"/],
    [
      'has a workflow nobody knows',
      workflow('low-alowance', '{}'),
      '4',
      'workflows.low-alowance',
      /is an unknown field/,
      /"low-allowance"/,
    ],
    ['has a field nobody can guess', `${MINIMAL}colour: red\n`, '3', 'colour', /is an unknown field/, /Remove it; there are: tenant, name/],
    ['has a value of the wrong kind', `${MINIMAL}staleAfterHours: soon\n`, '3', 'staleAfterHours', /expected number/, /a number/],
    ['waits too long', workflow('welcome', 'waitSeconds: 1e9'), '5', 'workflows.welcome.waitSeconds', /<=86400/, /at most 86400/],
    ['never quietens', workflow('credit-alert', 'quietMinutes: -1'), '5', 'workflows.credit-alert.quietMinutes', />=0/, /at least 0/],
    ['warns after the end', workflow('plan-expiry', 'leadTimeHours: 0'), '5', 'workflows.plan-expiry.leadTimeHours', />0/, /more than 0/],
    ['has a currency that has no form', `${MINIMAL}currency: dollars\n`, '3', 'currency', /ISO 4217/, /"USD"/],
    ['has a currency that is none', `${MINIMAL}currency: ABC\n`, '3', 'currency', /is no currency/, /USD/],
    ['has a language that is none', `${MINIMAL}language: English\n`, '3', 'language', /is not a language/, /"en"/],
    [
      'has hours for no country',
      `${MINIMAL}hours:\n  countries:\n    UK: { from: "08:00", to: "20:00" }\n`,
      '5',
      'hours.countries.UK',
      /is no country/,
      /GB/,
    ],
    [
      'has hours for no code',
      `${MINIMAL}hours:\n  countries:\n    usa: { from: "08:00", to: "20:00" }\n`,
      '5',
      'hours.countries.usa',
      /ISO 3166/,
      /"US"/,
    ],
    [
      'ends its hours before they begin',
      `${MINIMAL}hours:\n  default: { from: "20:00", to: "08:00" }\n`,
      '4',
      'hours.default.to',
      /after `from`/,
      /time of day/,
    ],
    [
      'has an hour that is none',
      `${MINIMAL}hours:\n  default: { from: "8", to: "20:00" }\n`,
      '4',
      'hours.default.from',
      /time of day/,
      /"08:00"/,
    ],
    ['has a cap that is no number', `${MINIMAL}caps:\n  perDay: 1.5\n`, '4', 'caps.perDay', /expected int/, /a whole number/],
    [
      'narrows a state that is none',
      `${MINIMAL}hours:\n  countries:\n    US: { from: "08:00", to: "20:00", regions: { XX: { from: "09:00", to: "19:00" } } }\n`,
      '5',
      'hours.countries.US.regions.XX',
      /is no region of US/,
      /FL/,
    ],
    ['follows an alias to nowhere', `${MINIMAL}caps:\n  perDay: *gone\n`, '4', '(file)', /is not YAML: Unresolved alias/, /syntax/],
    [
      'has a counter of an unknown unit',
      `${MINIMAL}counters:\n  - names: [A]\n    unit: litres\n    states: {}\n`,
      '5',
      'counters.0.unit',
      /is none of: bytes/,
      /bytes/,
    ],
    [
      'has a counter without names',
      `${MINIMAL}counters:\n  - names: []\n    states: {}\n`,
      '4',
      'counters.0.names',
      />=1/,
      /at least 1 entries/,
    ],
    [
      'has a state of an unknown meaning',
      `${MINIMAL}counters:\n  - names: [A]\n    states: { low: bad }\n`,
      '5',
      'counters.0.states.low',
      /is none of: good/,
      /low/,
    ],
    ['is named otherwise', 'name: x\ntenant: mvno-other\n', '2', 'tenant', /is not the file's name/, /tenant: mvno-bad/],
    [
      'speaks a language nobody wrote',
      `${MINIMAL}language: pt-BR\n`,
      '3',
      'language',
      /no template pt-BR\/sms-reply\.sms\.liquid/,
      /templates\/pt-BR\/sms-reply/,
    ],
    [
      'lists a language nobody wrote',
      `${MINIMAL}languages: [en, fr]\n`,
      '3',
      'languages.1',
      /no template fr\//,
      /Write config\/templates\/fr\//,
    ],
  ])('because it %s, is named with line, field and remedy', (_what, text, line, field, fault, remedy) => {
    folder.write('operations/mvno-bad.yml', OPERATIONS);
    folder.write('tenants/mvno-bad.yml', text);
    expect(folder.faults().find(({ severity }) => severity === 'error')).toEqual({
      severity: 'error',
      at: `tenants/mvno-bad.yml:${line}`,
      field,
      fault: expect.stringMatching(fault),
      remedy: expect.stringMatching(remedy),
    });
  });
});

describe('a file of operations that does not hold', () => {
  beforeEach(() => folder.forgetTenants());

  test.each([
    [
      'has a sender id no carrier takes',
      `${OPERATIONS}senderId: "0123456"\n`,
      '3',
      'senderId',
      /at least one letter/,
      /Write 1 to 11 letters/,
    ],
    ['mails from no address', 'tenant: mvno-bad\nemail:\n  from:\n    service: care\n', '4', 'email.from.service', /an address/, /care@/],
    [
      'mails a class nobody knows',
      'tenant: mvno-bad\nemail:\n  from:\n    news: a@b.example\n',
      '4',
      'email.from.news',
      /is an unknown field/,
      /there are: service, regulatory, marketing/,
    ],
    [
      'looks for contacts nowhere',
      `${OPERATIONS}contacts: [crm]\n`,
      '3',
      'contacts.0',
      /none of what it may be/,
      /profile, device; or write an/i,
    ],
    [
      'looks for contacts under no path',
      `${OPERATIONS}contacts: [profile, { customProperties: {} }]\n`,
      '3',
      'contacts.1.customProperties',
      /is not a path/,
      /phone/,
    ],
    [
      'names a configuration set that is none',
      'tenant: mvno-bad\nemail:\n  configurationSets: { service: "a b" }\n',
      '3',
      'email.configurationSets.service',
      /is not 1 to 64 letters/,
      /letters, digits/,
    ],
    ['reaches Totogi nowhere', `${OPERATIONS}totogi: {}\n`, '3', 'totogi.region', /either a region/, /region/],
    [
      'reaches Totogi unsafely',
      `${OPERATIONS}totogi:\n  endpoint: http://a.example\n`,
      '4',
      'totogi.endpoint',
      /an address such as/,
      /https:/,
    ],
    [
      'names a secret',
      `${OPERATIONS}totogi:\n  region: us-east-1\n  secret: totogi/mvno-other\n`,
      '5',
      'totogi.secret',
      /is an unknown field/,
      /Remove it/,
    ],
    [
      "looks into Totogi's account and reaches it nowhere",
      `${OPERATIONS}contacts: [profile, { customProperties: { phone: contact.phone } }]\n`,
      '3',
      'contacts.1',
      /nothing says how to reach Totogi/,
      /Add a section totogi/,
    ],
  ])('because it %s, is named with line, field and remedy', (_what, text, line, field, fault, remedy) => {
    folder.write('tenants/mvno-bad.yml', MINIMAL);
    folder.write('operations/mvno-bad.yml', text);
    expect(folder.faults()[0]).toEqual({
      severity: 'error',
      at: `operations/mvno-bad.yml:${line}`,
      field,
      fault: expect.stringMatching(fault),
      remedy: expect.stringMatching(remedy),
    });
  });
});

test('a file that is not UTF-8 is named with the line', () => {
  folder.write('operations/mvno-bad.yml', OPERATIONS);
  folder.write('tenants/mvno-bad.yml', '');
  writeFileSync(join(folder.directory, 'tenants/mvno-bad.yml'), Buffer.from('tenant: mvno-bad\nname: España\n', 'latin1'));
  expect(folder.faults()).toMatchObject([{ severity: 'error', at: 'tenants/mvno-bad.yml:2', remedy: 'Save the file as UTF-8' }]);
});

describe('a tenant file that holds and still makes little sense', () => {
  beforeEach(() => folder.forgetTenants());

  test.each([
    ['caps more in a day than in a week', 'caps: { perDay: 5, perWeek: 3 }', '3', 'caps.perDay', /more than a week/],
    [
      'reminds before it warns',
      'workflows:\n  plan-expiry:\n    leadTimeHours: 24',
      '4',
      'workflows.plan-expiry.reminderHoursBefore',
      /no time between/,
    ],
    [
      'reminds after the days of grace',
      'workflows:\n  renewal-failed:\n    graceDays: 3\n    reminderDays: [2, 5]',
      '6',
      'workflows.renewal-failed.reminderDays.1',
      /within the 3 days/,
    ],
    ['is awake too long', 'hours:\n  countries:\n    US: { from: "07:00", to: "22:00" }', '5', 'hours.countries.US', /08:00 to 21:00/],
    [
      'widens a country in a region',
      'hours:\n  countries:\n    US: { from: "08:00", to: "20:00", regions: { FL: { from: "08:00", to: "21:00" } } }',
      '5',
      'hours.countries.US.regions.FL',
      /wider than its country/,
    ],
  ])('because it %s, is warned of', (_what, text, line, field, fault) => {
    folder.write('operations/mvno-bad.yml', `${OPERATIONS}deviceIds: other\nsms: { countries: [US] }\n`);
    folder.write('tenants/mvno-bad.yml', `${MINIMAL}${text}\n`);
    expect(folder.faults()).toEqual([
      {
        severity: 'warning',
        at: `tenants/mvno-bad.yml:${line}`,
        field,
        fault: expect.stringMatching(fault),
        remedy: expect.stringMatching(/\w/),
      },
    ]);
  });

  test('because it sends marketing nowhere, is warned of', () => {
    folder.write('operations/mvno-bad.yml', `${OPERATIONS}deviceIds: imsi\nsms: { countries: [US] }\n`);
    folder.write('tenants/mvno-bad.yml', MINIMAL);
    for (const language of ['en', 'es'])
      folder.write(`tenants/mvno-bad/templates/${language}/win-back.sms.liquid`, '---\nclass: marketing\n---\nCome back to {{ brand }}\n');
    expect(folder.faults()).toMatchObject([{ severity: 'warning', field: 'hours', fault: expect.stringMatching(/no marketing goes out/) }]);
  });
});

describe('a tenant file that does not say what its device ids are', () => {
  beforeEach(() => folder.forgetTenants());

  const warning = { severity: 'warning', field: 'deviceIds', fault: expect.stringMatching(/no device id is taken/), remedy: /msisdn/ };

  test.each([
    ['is warned of, since their numbers are not used', '', 1],
    ['is not, where no device id is looked at', 'contacts: [profile]\n', 0],
    ['is not, where it says so after all', 'deviceIds: imsi\n', 0],
  ])('%s', (_what, text, warnings) => {
    folder.write('tenants/mvno-bad.yml', MINIMAL);
    folder.write('operations/mvno-bad.yml', `${OPERATIONS}${text}`);
    expect(folder.faults().filter(({ field }) => field === 'deviceIds')).toMatchObject(
      Array(warnings).fill({ ...warning, remedy: expect.stringMatching(warning.remedy) }),
    );
  });

  test.each([
    ['deviceIds: phone', 'deviceIds'],
    ['country: UK', 'country'],
    ['country: us', 'country'],
  ])('or says %s, cannot be published', (text, field) => {
    folder.write('tenants/mvno-bad.yml', MINIMAL);
    folder.write('operations/mvno-bad.yml', `${OPERATIONS}${text}\n`);
    expect(folder.faults()).toContainEqual(expect.objectContaining({ severity: 'error', field }));
  });
});

describe('npm run config:check', () => {
  test('prints versions and a summary, and succeeds for warnings', async () => {
    folder.write('templates/en/rollover.sms.liquid', `---\nclass: service\n---\n${'a'.repeat(161)}`);
    const { code, out, error } = await folder.run(configCheck);
    expect(out).toMatch(/^mvno-aurora: version [0-9a-f]{16}\n1 tenant, \d+ templates: 0 errors, 1 warning\n$/);
    expect(error).toMatch(/^warning: .*rollover\.sms\.liquid:4 text: takes 2 parts .*\. Shorten the text; .*\.\n$/);
    expect(code).toBe(0);
  });

  test('fails for an error, on one line with file, line, field and remedy', () => {
    folder.write('tenants/mvno-bad.yml', `${MINIMAL}staleAfterHour: 3\n`);
    const { status, stdout, stderr } = folder.command('config-check');
    expect(stderr).toBe(
      `error: ${folder.directory}/tenants/mvno-bad.yml:3 staleAfterHour: is an unknown field. Write "staleAfterHours".\nThis configuration cannot be published.\n`,
    );
    expect(stdout).toMatch(/1 error, 0 warnings\n$/);
    expect(status).toBe(1);
  });
});

describe('what belongs to one tenant', () => {
  const evil = (operations: string) => {
    folder.write('tenants/evil.yml', 'tenant: evil\nname: Evil\nlanguage: en\n');
    folder.write('operations/evil.yml', `tenant: evil\nemail: { from: { service: care@evil.example } }\n${operations}\n`);
    return folder.faults().filter(({ severity }) => severity === 'error');
  };

  test.each([
    ['its provider id', 'totogi: { region: us-east-1, providerId: mvno-aurora }', 'totogi.providerId', 'tenant', 'tenants/mvno-aurora.yml'],
    ['its sender id', 'senderId: Aurora', 'senderId', 'senderId', 'operations/mvno-aurora.yml'],
    [
      'its number',
      'sms: { numbers: [{ number: "+14155550100", country: US }] }',
      'sms.numbers.0.number',
      'sms.numbers.0.number',
      'operations/mvno-aurora.yml',
    ],
  ])('is an error in both files for another one that uses %s', (_what, operations, field, owned, file) => {
    const found = evil(operations);
    expect(found).toMatchObject(
      [
        { severity: 'error', field: owned, fault: expect.stringContaining('operations/evil.yml:3') },
        { severity: 'error', at: 'operations/evil.yml:3', field, fault: expect.stringContaining(file) },
      ].toSorted((one, other) => (one.field === field && one.at ? -1 : other.at ? 1 : 0)),
    );
  });

  test('is no address for its key but those that are listed', async () => {
    expect(
      evil('totogi: { endpoint: "https://evil.example/graphql", tokenUrl: "https://oauth.totogi.io.evil.example/steal" }'),
    ).toMatchObject([
      { severity: 'error', at: 'operations/evil.yml:3', field: 'totogi.endpoint', fault: expect.stringContaining('"evil.example"') },
      { severity: 'error', field: 'totogi.tokenUrl', fault: expect.stringContaining('"oauth.totogi.io.evil.example"') },
    ]);
    const allowed = await folder.run(configCheck, '--totogi-hosts', 'evil.example,oauth.totogi.io.evil.example');
    expect(allowed.out).toMatch(/ 0 errors/);
  });
});

describe('a field in the wrong file', () => {
  beforeEach(() => folder.forgetTenants());

  test.each([
    ['tenants', 'name: Bad\nsenderId: BAD', 'senderId', 'operations'],
    ['tenants', 'name: Bad\ntotogi: { region: us-east-1 }', 'totogi', 'operations'],
    ['operations', 'retention: {}\nhours: {}', 'hours', 'tenants'],
  ])('of %s is told where it belongs', (folderName, text, field, other) => {
    folder.write('tenants/mvno-bad.yml', MINIMAL);
    folder.write('operations/mvno-bad.yml', OPERATIONS);
    folder.write(`${folderName}/mvno-bad.yml`, `tenant: mvno-bad\n${text}\n`);
    expect(folder.faults().filter(({ severity }) => severity === 'error')).toMatchObject([
      { severity: 'error', at: `${folderName}/mvno-bad.yml:3`, field, remedy: `Move it to config/${other}/mvno-bad.yml` },
    ]);
  });
});

test('hours that are none are named once, not with those that they are compared with', () => {
  folder.write('operations/mvno-bad.yml', OPERATIONS);
  folder.write('tenants/mvno-bad.yml', `${MINIMAL}hours: { countries: { GB: { from: "8:00", to: "21:00" } } }\n`);
  expect(folder.faults().filter(({ severity }) => severity === 'error')).toMatchObject([
    { severity: 'error', field: 'hours.countries.GB.from' },
  ]);
});

test('operations of no tenant are an error', () => {
  folder.write('operations/mvno-bad.yml', OPERATIONS);
  expect(folder.faults().filter(({ severity }) => severity === 'error')).toMatchObject([
    { severity: 'error', at: 'operations/mvno-bad.yml:1', fault: 'belongs to no tenant' },
  ]);
});

test.each([
  ['brackets', `tenant: ${'['.repeat(100_000)}`],
  ['spaces', `tenant:\n${' '.repeat(1_000)}x: 1`],
  ['bytes', `name: ${'x'.repeat(300 * 1_024)}`],
])('a file of endless %s is refused before it is read', (_what, text) => {
  folder.write('operations/mvno-bad.yml', OPERATIONS);
  folder.write('tenants/mvno-bad.yml', text);
  expect(folder.faults().filter(({ severity }) => severity === 'error')).toMatchObject([
    { severity: 'error', at: 'tenants/mvno-bad.yml:1' },
  ]);
});
