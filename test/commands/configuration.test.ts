import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readConfiguration } from '../../commands/configuration/read-configuration.ts';

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'totogi-configuration-'));
  cpSync(new URL('../../config', import.meta.url), directory, { recursive: true });
});
afterEach(() => rmSync(directory, { recursive: true }));

function write(file: string, text: string): void {
  mkdirSync(join(directory, file, '..'), { recursive: true });
  writeFileSync(join(directory, file), text);
}

const faults = () =>
  readConfiguration(directory).faults.map(({ file, line, field, fault, remedy }) => ({
    at: `${file.slice(directory.length + 1)}:${line}`,
    field,
    fault,
    remedy,
  }));

describe('the configuration that ships', () => {
  test('holds, and has a version that only its content changes', () => {
    const { published, faults: none } = readConfiguration(directory);
    expect(none).toEqual([]);
    expect(published.map(({ configuration }) => configuration.tenant)).toEqual(['mvno-aurora']);
    expect(readConfiguration(directory).published).toEqual(published);
    write('tenants/mvno-aurora.yml', 'tenant: mvno-aurora\nname: Another\n');
    expect(readConfiguration(directory).published[0]?.version).not.toBe(published[0]?.version);
  });

  test('gives a tenant that says little the defaults', () => {
    write('tenants/mvno-small.yml', 'tenant: mvno-small\nname: Small\n');
    const small = readConfiguration(directory).published.find(({ configuration }) => configuration.tenant === 'mvno-small');
    expect(small?.configuration).toEqual({
      tenant: 'mvno-small',
      name: 'Small',
      language: 'en',
      staleAfterHours: 48,
      workflows: { 'low-allowance': { enabled: true, waitSeconds: 0 }, 'credit-alert': { enabled: true, waitSeconds: 0 } },
      counters: [],
    });
  });
});

describe('a tenant file that does not hold', () => {
  test.each([
    ['is no YAML', 'tenant: mvno-bad\nname: "x\n', '3', '(file)', /is not YAML/],
    ['is empty', '', '1', '(file)', /expected object/],
    ['lacks a field', 'tenant: mvno-bad\n', '1', 'name', /expected string/],
    ['has a field nobody knows', 'tenant: mvno-bad\nname: x\nstaleAfterHour: 3\n', '3', 'staleAfterHour', /is no field here/],
    [
      'has a nested field nobody knows',
      'tenant: mvno-bad\nname: x\nworkflows:\n  low-alowance: {}\n',
      '4',
      'workflows.low-alowance',
      /is no field here/,
    ],
    ['has a value of the wrong kind', 'tenant: mvno-bad\nname: x\nstaleAfterHours: soon\n', '3', 'staleAfterHours', /expected number/],
    [
      'waits too long',
      'tenant: mvno-bad\nname: x\nworkflows:\n  credit-alert:\n    waitSeconds: 1e9\n',
      '5',
      'workflows.credit-alert.waitSeconds',
      /<=86400/,
    ],
    ['has a sender id no carrier takes', 'tenant: mvno-bad\nname: x\nsenderId: "0123456"\n', '3', 'senderId', /at least one letter/],
    ['has a currency that is none', 'tenant: mvno-bad\nname: x\ncurrency: dollars\n', '3', 'currency', /ISO 4217/],
    [
      'has a counter of an unknown unit',
      'tenant: mvno-bad\nname: x\ncounters:\n  - names: [A]\n    unit: litres\n    states: {}\n',
      '5',
      'counters.0.unit',
      /bytes/,
    ],
    [
      'has a counter without names',
      'tenant: mvno-bad\nname: x\ncounters:\n  - names: []\n    states: {}\n',
      '4',
      'counters.0.names',
      />=1/,
    ],
    [
      'has a state of an unknown meaning',
      'tenant: mvno-bad\nname: x\ncounters:\n  - names: [A]\n    states: { low: bad }\n',
      '5',
      'counters.0.states.low',
      /good/,
    ],
    ['is named otherwise', 'name: x\ntenant: mvno-other\n', '2', 'tenant', /is not the file's name/],
    ['speaks a language nobody wrote', 'tenant: mvno-bad\nname: x\nlanguage: pt-BR\n', '1', 'language', /low-allowance\.sms\.liquid/],
  ])('because it %s, is named with line, field and remedy', (_what, text, line, field, fault) => {
    write('tenants/mvno-bad.yml', text);
    const found = faults();
    expect(found[0]).toEqual({
      at: `tenants/mvno-bad.yml:${line}`,
      field,
      fault: expect.stringMatching(fault),
      remedy: expect.stringMatching(/\w/),
    });
  });
});

describe('a template that does not hold', () => {
  const head = '---\nclass: service\n---\n';
  test.each([
    ['has no front matter', 'hello', '1', '(front matter)', /is missing/],
    ['has no class', '---\nkind: x\n---\nhello', '2', 'class', /./],
    ['has a class that is none', '---\nclass: advert\n---\nhello', '2', 'class', /./],
    ['names a variable that does not exist', `${head}fine\n{{ amonut }}`, '5', 'text', /amonut/],
    ['uses a filter that does not exist', `${head}{{ brand | shout }}`, '4', 'text', /shout/],
    ['is no Liquid', `${head}{% if brand %}hello`, '4', 'text', /if/],
    ['says nothing in some case', `${head}{% if amount %}hello{% endif %}`, '1', 'text', /is empty for/],
    ['reaches for another file', `${head}{% render "x" %}`, '4', 'text', /./],
  ])('because it %s, is named with line, field and remedy', (_what, text, line, field, fault) => {
    write('templates/en/credit-alert.sms.liquid', text);
    expect(faults()).toEqual([
      {
        at: `templates/en/credit-alert.sms.liquid:${line}`,
        field,
        fault: expect.stringMatching(fault),
        remedy: expect.stringMatching(/\w/),
      },
    ]);
  });
});
