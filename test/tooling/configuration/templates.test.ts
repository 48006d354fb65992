import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type ConfigurationFolder, copyConfiguration } from '../../builders/configuration-folder.ts';

let folder: ConfigurationFolder;

beforeEach(() => {
  folder = copyConfiguration();
  rmSync(join(folder.directory, 'offers'), { recursive: true });
  folder.keepOnly(['rollover', 'welcome', 'sms-reply']);
});
afterEach(() => folder.remove());

describe('a template that does not hold', () => {
  const head = '---\nclass: service\n---\n';
  const marketing = '---\nclass: marketing\n---\n';
  const inLoop = (text: string) => `${head}a{% for part in rollover %}\n${text}{% endfor %}`;
  const loops = (depth: number) => `${'{% for i in (1..10) %}'.repeat(depth)}x${'{% endfor %}'.repeat(depth)}`;
  const doublings = (times: number) => `{% assign a = "aaaaaaaaaa" %}${'{% capture a %}{{ a }}{{ a }}{% endcapture %}'.repeat(times)}`;
  const long = (length: number, letter = 'a') => `${head}${letter.repeat(length)}`;
  test.each([
    ['has no front matter', 'hello', '1', '(front matter)', /is missing/, /Begin the file/],
    ['has no class', '---\nsubject: x\n---\nhello', '2', 'class', /is none of/, /service, regulatory, marketing/],
    ['has a class that is none', '---\nclass: advert\n---\nhello', '2', 'class', /is none of/, /service, regulatory, marketing/],
    ['has a head nobody can read', '---\nclass: service\nsubject: "x\n---\nhello', '3', '(front matter)', /is not YAML/, /quotes/],
    ['has a head of Liquid', '---\nclass: service\nsubject: {{ brand }}\n---\nhello', '3', 'subject', /expected string/, /text/],
    ['has a field nobody knows', '---\nclass: service\ndltTemplate: 7\n---\nhello', '3', 'dltTemplate', /unknown field/, /"dltTemplateId"/],
    ['says nothing', `${head}  \n`, '4', 'text', /is empty/, /below the second/],
    ['names a variable that does not exist', `${head}fine\n{{ amonut }}`, '5', 'text', /no variable "amonut"/, /Write "amount"/],
    ['hides one where no sample leads', `${head}a{% if false %}\n{{ zork }}{% endif %}`, '5', 'text', /"zork"/, /There are: amount, brand/],
    ['names a member that does not exist', inLoop('{{ part.size_ }}'), '5', 'text', /"part" has no "size_"/, /amount, unit/],
    [
      'hides one of text',
      `${head}a{% if name == "Zz" %}\n{{ brand.foo }}{% endif %}`,
      '5',
      'text',
      /"brand" has no "foo"/,
      /"brand" by it/,
    ],
    ['hides one in a loop', inLoop('{% if part.unit == "percent" %}{{ part.x }}{% endif %}'), '5', 'text', /"part" has no "x"/, /unit/],
    ['hides one of a list', `${head}a{% if name == "Zz" %}{{ rollover[0].cost }}{% endif %}`, '4', 'text', /has no "cost"/, /amount, unit/],
    ['hides one of the loop itself', inLoop('{% if name == "Zz" %}{{ forloop.lst }}{% endif %}'), '5', 'text', /no "lst"/, /last, length/],
    ['hides one in a filter', `${head}a{% if false %}{{ name | append: brand.foo }}{% endif %}`, '4', 'text', /no "foo"/, /"brand" by it/],
    ['hides one it made', `${head}a{% assign b = brand %}{% if false %}{{ b.amount }}{% endif %}`, '4', 'text', /no "amount"/, /size/],
    [
      'hides one that another names',
      `${head}a{% if false %}{{ brand[name] }}{% endif %}`,
      '4',
      'text',
      /named by a variable/,
      /"brand" by/,
    ],
    ['hides a filter', `${head}a{% if name == "Zz" %}{{ brand | shout }}{% endif %}`, '4', 'text', /shout/, /filters/],
    ['uses a filter that does not exist', `${head}{{ brand | shout }}`, '4', 'text', /shout/, /filters/],
    ['is no Liquid', `${head}{% if brand %}hello`, '4', 'text', /if/, /every tag needs its end/],
    ['says nothing in some case', `${head}{% if amount %}hello{% endif %}`, '4', 'text', /is empty for/, /every case/],
    ['reaches for another file', `${head}a\n{% render "x" %}`, '5', 'text', /render/, /docs/],
    ['promotes as a service', `${head}a\n{{ offer.price }}`, '5', 'text', /service message mentions the offer variable/, /two messages/],
    ['promotes in a condition', `${head}a{% if offerName %}b{% endif %}`, '4', 'text', /offer variable "offerName"/, /two messages/],
    ['promotes as a duty', '---\nclass: regulatory\n---\n{{ offer }}', '4', 'text', /regulatory message mentions/, /two messages/],
    ['offers what there is not', `${marketing}{{ offerPrice }}`, '4', 'text', /no variable "offerPrice"/, /There are|Write/],
    ['is longer than any carrier takes', long(1531), '4', 'text', /11 parts \(1531 characters of GSM-7\).*no carrier/, /Shorten/],
    ['loops in loops', `${head}a\n${loops(6)}`, '5', 'text', /takes more than 5000 steps/, /loops within loops/],
    ['doubles its text', `${head}${doublings(21)}\n{{ a }}`, '4', 'text', /more than 50000 characters/, /doubles itself/],
    ['is itself too long', long(20_001), '4', 'text', /20001 characters, and a template has 20000/, /Shorten/],
    ['is too long in UCS-2', long(631, 'ж'), '4', 'text', /10 parts \(631 characters of UCS-2\).*no carrier/, /Shorten/],
  ])('because it %s, is named with line, field and remedy', (_what, text, line, field, fault, remedy) => {
    folder.write('templates/en/rollover.sms.liquid', text);
    expect(folder.faults()[0]).toEqual({
      severity: 'error',
      at: `templates/en/rollover.sms.liquid:${line}`,
      field,
      fault: expect.stringMatching(fault),
      remedy: expect.stringMatching(remedy),
    });
  });

  test.each([
    ['has no subject', '---\nclass: service\n---\nhello', '2', 'subject', /an email needs one/],
    ['has a subject of unknown things', '---\nclass: service\nsubject: "{{ brnad }}"\n---\nhello', '3', 'subject', /"brnad"/],
    ['has an empty subject', '---\nclass: service\nsubject: "{{ plan }}"\n---\nhello', '3', 'subject', /is empty for/],
    [
      'shows nowhere to unsubscribe',
      '---\nclass: marketing\nsubject: x\n---\nhello',
      '5',
      'text',
      /no link to unsubscribe for NewPlanActivated/,
    ],
    [
      'shows it in some case only',
      '---\nclass: marketing\nsubject: x\n---\na{% if plan %}{{ unsubscribe }}{% endif %}',
      '5',
      'text',
      /no link to unsubscribe/,
    ],
    ['unsubscribes from a service', '---\nclass: service\nsubject: x\n---\n{{ unsubscribe }}', '5', 'text', /only a marketing email has/],
    ['promotes in its subject', '---\nclass: service\nsubject: "{{ offer }}"\n---\nhello', '3', 'subject', /offer variable/],
  ])('because it %s, is named for an email', (_what, text, line, field, fault) => {
    folder.write('templates/en/welcome.email.liquid', text);
    const own = folder.faults().filter(({ field: named }) => named !== 'class');
    expect(own).toMatchObject([{ at: `templates/en/welcome.email.liquid:${line}`, field, fault: expect.stringMatching(fault) }]);
  });

  test.each([
    ['a misspelt workflow', 'templates/en/low-alowance.sms.liquid', /belongs to no workflow/, /low-allowance\.sms\.liquid/],
    ['no channel', 'templates/en/welcome.liquid', /belongs to no workflow/, /welcome/],
    ['another ending', 'templates/en/welcome.sms.txt', /belongs to no workflow/, /<workflow>\.<sms\|email>\.liquid/],
    ['no language', 'templates/english/welcome.sms.liquid', /no language/, /en, es/],
    ['no folder', 'templates/welcome.sms.liquid', /no folder/, /<language>/],
    ['a tenant in the wrong place', 'templates/mvno-aurora/en/welcome.sms.liquid', /no folder/, /<language>/],
    ['a tenant nobody knows', 'tenants/mvno-gone/templates/en/welcome.sms.liquid', /no tenant/, /mvno-gone\.yml/],
    ['a tenant of another ending', 'tenants/mvno-other.yaml', /nobody reads it/, /\.yml/],
  ])('because its file is that of %s, is named instead of passed over', (_what, file, fault, remedy) => {
    folder.write(file, `${head}hello`);
    expect(folder.faults()).toMatchObject([
      { severity: 'error', fault: expect.stringMatching(fault), remedy: expect.stringMatching(remedy) },
    ]);
  });

  test('because it is of another class than in the tenant’s own language, is named', () => {
    folder.write('templates/es/rollover.sms.liquid', '---\nclass: regulatory\n---\nhola');
    expect(folder.faults()).toMatchObject([
      {
        at: 'templates/es/rollover.sms.liquid:2',
        field: 'class',
        fault: expect.stringMatching(/is regulatory, and the same message is service/),
      },
    ]);
  });

  test('is not called missing as well, and its tenant’s own words are checked too', () => {
    folder.write('tenants/mvno-aurora/templates/es/welcome.sms.liquid', `${head}{{ amonut }}`);
    expect(folder.faults()).toMatchObject([{ at: 'tenants/mvno-aurora/templates/es/welcome.sms.liquid:4', remedy: 'Write "amount"' }]);
  });

  test('because it answers a subscriber’s text with what only events have, is named', () => {
    folder.write('templates/en/sms-reply.sms.liquid', `${head}{{ amount }}`);
    expect(folder.faults()).toMatchObject([{ fault: 'there is no variable "amount"', remedy: 'There are: brand, reply' }]);
  });
});

describe('a text that costs more than one part', () => {
  const head = '---\nclass: service\n---\n';
  test('is warned of with its count and the case in which it does', () => {
    folder.write('templates/en/rollover.sms.liquid', `${head}${'a'.repeat(161)}`);
    const fault = 'takes 2 parts (161 characters of GSM-7) for Aurora Mobile: PlanRollover, notice';
    expect(folder.faults()).toMatchObject([{ severity: 'warning', at: 'templates/en/rollover.sms.liquid:4', field: 'text', fault }]);
  });

  test('names the character that forced UCS-2 and its line', () => {
    folder.write('templates/en/rollover.sms.liquid', `${head}fine\nPensa que sí`);
    expect(folder.faults()).toMatchObject([
      { severity: 'warning', at: 'templates/en/rollover.sms.liquid:5', fault: expect.stringMatching(/^"í" \(U\+00ED\).*UCS-2/) },
    ]);
  });

  test('is found by long and accented names', () => {
    folder.write('templates/en/rollover.sms.liquid', `${head}${'a'.repeat(125)} {{ name }}`);
    expect(folder.faults()).toMatchObject([
      { severity: 'warning', fault: expect.stringMatching(/^takes \d parts/) },
      { severity: 'warning', fault: expect.stringMatching(/^"Ł" .*UCS-2/), remedy: expect.stringMatching(/gsm/) },
    ]);
  });

  test('says so where the character comes out of a variable', () => {
    folder.write('templates/es/rollover.sms.liquid', `${head}Dura {{ validity }}`);
    expect(folder.faults()).toMatchObject([
      { severity: 'warning', fault: expect.stringMatching(/^"í"/), remedy: expect.stringMatching(/gsm/) },
    ]);
  });
});
