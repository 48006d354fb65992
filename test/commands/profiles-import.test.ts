import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { profilesImport } from '../../commands/profiles/import.ts';
import { listProfileChanges } from '../../src/profiles/profile-history.ts';
import { accountsOfPhone, deleteProfile, findProfile, putProfile } from '../../src/profiles/profile-records.ts';
import { runInProcess } from '../builders/run-program.ts';
import { openTestTable, type TestTable } from '../builders/table.ts';

const TENANT = 'mvno-aurora';
const HEAD = 'account,device,name,phone,email,language,country,region,timeZone,marketing.sms,marketing.sms.source,marketing.sms.at';

let database: TestTable;
let folder: string;

beforeAll(async () => {
  database = await openTestTable();
  vi.stubEnv('AWS_ENDPOINT_URL', process.env.AWS_ENDPOINT_URL_DYNAMODB);
  folder = await mkdtemp(join(tmpdir(), 'profiles-'));
});
afterAll(async () => {
  await database.close();
  await rm(folder, { recursive: true });
});

const run = (argv: string[]) => runInProcess(profilesImport, argv);

async function runProcess(argv: string[], endpoint = process.env.AWS_ENDPOINT_URL) {
  const child = spawn(process.execPath, ['commands/profiles-import.ts', ...argv], {
    env: { ...process.env, AWS_ENDPOINT_URL: endpoint },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const [out, error, code] = await Promise.all([text(child.stdout), text(child.stderr), exited]);
  return { out, error, code };
}

async function importFile(name: string, lines: string[], options: string[] = []) {
  const file = join(folder, name);
  await writeFile(file, `${lines.join('\n')}\n`);
  return run([file, '--stage', 'local', ...options]);
}

const profile = (account: string) => findProfile(database.table, TENANT, account);
const changes = (account: string) => listProfileChanges(database.table, { tenant: TENANT, account });

describe('npm run profiles:import', () => {
  test('takes a CSV file: devices merged, numbers plain, consents with source and time', async () => {
    const lines = [
      `\uFEFF${HEAD}`,
      'acc-csv,,"Ada, ""the"" Countess",+1 (415) 555-0101,ada@example.com,es,US,CA,America/Los_Angeles,yes,web-form,2026-05-01T10:00:00+02:00',
      'acc-csv,dev-1,,+14155550102,,en,,,,,,',
      '',
      'acc-csv,dev-2,,,dev2@example.com,,,,,,,',
      'acc-no,,,+442079460000,,,,,,no,call-centre,2026-05-01T08:00:00Z',
    ];
    const { code, out, error } = await importFile('good.csv', lines);
    expect({ code, error }).toEqual({ code: 0, error: '' });
    expect(out).toContain('4 rows: 2 profiles written, 0 unchanged, 0 bad rows');
    expect(await profile('acc-csv')).toEqual({
      name: 'Ada, "the" Countess',
      phone: '+14155550101',
      email: 'ada@example.com',
      language: 'es',
      country: 'US',
      region: 'CA',
      timeZone: 'America/Los_Angeles',
      devices: { 'dev-1': { phone: '+14155550102', language: 'en' }, 'dev-2': { email: 'dev2@example.com' } },
      consents: { marketing: { sms: { given: true, source: 'web-form', at: '2026-05-01T08:00:00.000Z' } } },
    });
    expect((await profile('acc-no'))?.consents?.marketing?.sms?.given).toBe(false);
    expect(await changes('acc-csv')).toMatchObject([{ change: 'created', source: 'import' }]);
    expect(await accountsOfPhone(database.table, '+14155550102')).toEqual([{ tenant: TENANT, account: 'acc-csv' }]);

    const again = await runProcess([join(folder, 'good.csv'), '--stage', 'local']);
    expect(again.code).toBe(0);
    expect(again.out).toContain('4 rows: 0 profiles written, 2 unchanged, 0 bad rows');
    expect(await changes('acc-csv')).toHaveLength(1);
  });

  test('takes NDJSON, and leaves what a row does not name as it is', async () => {
    const owner = { tenant: 'mvno-other', account: 'acc-json' };
    const withdrawn = { marketing: { sms: { given: false, source: 'sms-stop', at: '2026-05-02T00:00:00.000Z' } } };
    await putProfile(database.table, owner, { name: 'Ada', phone: '+14155550103', consents: withdrawn }, { source: 'api', at: 0 });
    const given = { marketing: { sms: { given: true, source: 'old-list', at: '2026-05-01T00:00:00.000Z' } } };
    const row = { account: 'acc-json', email: 'ada@example.com', devices: { d: { phone: '+44 20 7946 0000' } }, consents: given };
    const { code } = await importFile('one.jsonl', [JSON.stringify(row)], ['--tenant', 'mvno-other']);
    expect(code).toBe(0);
    expect(await findProfile(database.table, owner.tenant, owner.account)).toEqual({
      name: 'Ada',
      phone: '+14155550103',
      email: 'ada@example.com',
      devices: { d: { phone: '+442079460000' } },
      consents: withdrawn,
    });
  });

  test('names each bad row by line and column, says what it may be, repeats no value, and takes the others', async () => {
    const report = join(folder, 'report.txt');
    const { code, out } = await importFile(
      'bad.csv',
      [
        HEAD,
        'acc-b1,,,4155550101,,,,,,,,',
        'acc-b2,,,+44 20 7946 0000 ext. 3,,,,,,,,',
        'acc#b3,,,,ada@,,us,,,,,',
        'acc-b4,,,,,,,,,perhaps,web-form,2026-05-01T08:00:00Z',
        'acc-b5,,,,,,,,,yes,,',
        'acc-b6,,,,,,,,,yes,web-form,2126-05-01T08:00:00Z',
        'acc-b7,,',
        ',,,,,,,,,,,',
        'acc-ok,,"two',
        'lines",,,,,,,,,',
        'acc-ok,,Else,,,,,,,,,',
        'acc-ok,,,,,fr,,,,,,',
      ],
      ['--report', report],
    );
    expect(code).toBe(1);
    expect(out).toContain('11 rows: 1 profiles written, 0 unchanged, 9 bad rows');
    expect((await readFile(report, 'utf8')).trimEnd().split('\n')).toEqual([
      'line 2: phone: expected a phone number in E.164 form, such as "+14155550123"',
      'line 3: phone: expected a phone number in E.164 form, such as "+14155550123"',
      'line 4: account: expected an account, without "#"; email: expected an email address such as "ada@example.com"; country: expected the ISO 3166 code of a country, such as "US" or "GB"',
      'line 5: marketing.sms: expected true or false',
      'line 6: marketing.sms.source: expected text; marketing.sms.at: expected text',
      'line 7: marketing.sms.at: expected a time that has passed',
      'line 8: expected 12 cells, as the head has, but there are 3',
      'line 9: account: expected an account',
      "line 12: name: expected what the account's row at line 11 and after says",
    ]);
    expect(await profile('acc-ok')).toEqual({ name: 'two\nlines', language: 'fr' });
    expect(await profile('acc-b1')).toBeUndefined();
  });

  test('reports bad lines of NDJSON without device ids', async () => {
    const device = { '14155550101': { phone: '1' } };
    const lines = ['{"account": "a"', '[]', '{"account": "acc-j", "color": "red"}', JSON.stringify({ account: 'acc-j', devices: device })];
    const { code, error } = await importFile('bad.ndjson', lines);
    expect(code).toBe(1);
    expect(error.trimEnd().split('\n')).toEqual([
      'line 1: expected a JSON object',
      'line 2: expected an object',
      'line 3: color: is an unknown field',
      'line 4: devices.*.phone: expected a phone number in E.164 form, such as "+14155550123"',
    ]);
  });

  test('writes nothing in a dry run, and says what would change', async () => {
    const lines = [HEAD, 'acc-dry,,Ada,,,,,,,,,', 'acc-dry-2,,,1,,,,,,,,'];
    const { code, out } = await importFile('dry.csv', lines, ['--dry-run']);
    expect(code).toBe(1);
    expect(out).toContain('2 rows: 1 profiles would be written; nothing was, 0 unchanged, 1 bad rows');
    expect(await profile('acc-dry')).toBeUndefined();
  });

  test('takes no erased account back', async () => {
    await deleteProfile(database.table, { tenant: TENANT, account: 'acc-erased' }, { source: 'api', at: 0 });
    const { code, error } = await importFile('erased.csv', [HEAD, 'acc-erased,,Ada,,,,,,,,,']);
    expect(code).toBe(1);
    expect(error).toContain("line 2: account: the account's data was erased (1970-01-01T00:00:00.000Z)");
    expect(await profile('acc-erased')).toEqual({});
  });

  test('keeps the order of rows of one account that stand apart', async () => {
    const others = Array.from({ length: 60 }, (_, index) => `acc-apart-${index},,,,,en,,,,,,`);
    await importFile('apart.csv', [HEAD, 'acc-apart,,First,,,,,,,,,', 'acc-x,,,,,en,,,,,,', 'acc-apart,,Second,,,,,,,,,', ...others]);
    expect((await profile('acc-apart'))?.name).toBe('Second');
  });

  test.each<[string, string, string[], string]>([
    ['an unknown column', 'unknown.csv', ['account,fone'], 'line 1: "fone" is no column; write "phone"'],
    ['a column twice', 'twice.csv', ['account,phone,phone'], 'line 1: the column "phone" stands there twice'],
    ['no account', 'none.csv', ['phone'], 'line 1: the column "account" is missing'],
    ['an empty file', 'empty.csv', [], 'line 1: the file is empty'],
    ['semicolons', 'semicolons.csv', ['account;phone', 'a;+14155550101'], 'line 1: cells are separated by ";"; expected ","'],
    ['tabs', 'tabs.csv', ['account\tphone'], 'line 1: cells are separated by a tab; expected ","'],
    ['a line for Excel', 'sep.csv', ['sep=,', 'account'], 'line 1: the last column has no name'],
    ['empty columns', 'trailing.csv', ['account,phone,,', 'a,,,'], 'line 1: the last 2 columns have no name; delete the empty columns'],
    ['an escape in its head', 'escape.csv', ['account,\u001b[31mname\u009b\u202e'], '"\\u001b[31mname\\u{9b}\\u{202e}" is no column'],
  ])('ends with code 2 for a file with %s', async (_what, name, lines, message) => {
    const { code, error } = await importFile(name, lines);
    expect({ code, error }).toEqual({ code: 2, error: expect.stringContaining(message) });
  });

  test.each<[string, Buffer, string]>([
    ['in Windows-1252', Buffer.from('account,name\na,Zoe\nb,Jos\xe9\n', 'latin1'), 'line 3, byte 6: the byte is 0xe9, which is not UTF-8'],
    ['in UTF-16', Buffer.from('\uFEFFaccount,name\n', 'utf16le'), 'line 1: the file is UTF-16 (little-endian), not UTF-8'],
    ['in UTF-16 without a mark', Buffer.from('account,name\n', 'utf16le'), 'line 1, byte 2: the byte is a NUL, as in UTF-16'],
    ['of a workbook', Buffer.from('PK\u0003\u0004account'), 'line 1: the file is a workbook'],
  ])('takes nothing of a file %s, and says how to save it', async (_what, bytes, message) => {
    const file = join(folder, 'encoding.csv');
    await writeFile(file, bytes);
    for (const format of ['csv', 'ndjson']) {
      const { code, error } = await run([file, '--stage', 'local', '--format', format]);
      expect({ code, error }).toEqual({ code: 2, error: expect.stringContaining(message) });
      expect(error).toContain('Save the file as UTF-8');
    }
    expect(await profile('a')).toBeUndefined();
  });

  test('reads lines that end in any way, and goes on after a line whose quotes are wrong', async () => {
    const file = join(folder, 'endings.csv');
    await writeFile(file, 'account,name\r\nmix-1,One\nmix-2,Two\rmix-3,"Th"ree\nmix-4,"Four\nmix-5,Five\r\n');
    const { code, out, error } = await run([file, '--stage', 'local']);
    expect(code).toBe(1);
    expect(out).toContain('5 rows: 3 profiles written, 0 unchanged, 2 bad rows');
    expect(error).toContain('line 4: quotes stand where none may be');
    expect(error).toContain('line 5: a quote is opened here and never closed');
    expect((await profile('mix-5'))?.name).toBe('Five');
  });

  test('takes numbers in their canonical form, and tells of those that were corrected', async () => {
    const lines = [
      'account,phone',
      'can-1,tel:+1-415-555-0101',
      'can-2,+44 (0)7700 900156',
      'can-3,+5213355550123',
      'can-4,\u202a+14155550102\u202c',
    ];
    const { code, out, error } = await importFile('canonical.csv', lines);
    expect(code).toBe(0);
    expect(out).toContain('2 rows with a number that was corrected');
    expect(error).toMatch(/line 3: phone: taken in its international form.*\nline 4: phone: taken/);
    expect((await profile('can-1'))?.phone).toBe('+14155550101');
    expect((await profile('can-2'))?.phone).toBe('+447700900156');
    expect((await profile('can-3'))?.phone).toBe('+523355550123');
    expect((await profile('can-4'))?.phone).toBe('+14155550102');
  });

  test('reports ids that nobody could see or type, or that mean something else to JavaScript, and takes the others', async () => {
    const ids = ['acc\u200b', 'acc\u00adx', '\u00a0acc', '4.15556E+10'].map((id) => `${id},dev-1,en`);
    const devices = ['constructor', '__proto__', 'toString', 'sim\u200b'].map((id) => `acc-ids,${id},en`);
    const { code, out } = await importFile('ids.csv', ['account,device,language', ...ids, ...devices, 'acc-ids,dev-1,en']);
    expect(code).toBe(1);
    expect(out).toContain('9 rows: 1 profiles written, 0 unchanged, 8 bad rows');
    expect(await profile('acc-ids')).toEqual({ devices: { 'dev-1': { language: 'en' } } });
    const rows = ['{"account":"acc-ids","devices":{"__proto__":{"language":"es"}}}', '{"account":"acc-ids","devices":{"constructor":{}}}'];
    const other = await importFile('ids.ndjson', [...rows, '{"account":"acc-ids","language":"es"}']);
    expect(other.out).toContain('3 rows: 1 profiles written, 0 unchanged, 2 bad rows');
  });

  test('leaves a row that the table refuses, and takes the others', async () => {
    const { code, out } = await importFile('refused.csv', ['account,language', `${'a'.repeat(3_000)},en`, 'acc-after,en']);
    expect(code).toBe(1);
    expect(out).toContain('2 rows: 1 profiles written, 0 unchanged, 1 bad rows');
  });

  test('ends with code 2 and one sentence when the table cannot be reached', async () => {
    const file = join(folder, 'unreached.csv');
    await writeFile(file, `${HEAD}\nacc-u,,Ada,,,,,,,,,\n`);
    const { code, error } = await runProcess([file, '--stage', 'local'], 'http://127.0.0.1:9');
    expect(code).toBe(2);
    expect(error.trim()).toMatch(/^Cannot use the table totogi-notifications-local: .*ECONNREFUSED.*Is `npm start` running\?/);
  });

  test.each([
    ['no file', [], 'FILE is missing'],
    ['a file that is not there', ['/no/such/file.csv', '--stage', 'local'], '/no/such/file.csv cannot be used'],
    [
      'a report that cannot be written',
      ['package.json', '--format', 'ndjson', '--stage', 'local', '--report', '/no/such/folder/r'],
      '/no/such/folder/r cannot be used',
    ],
    ['no stage', ['a.csv'], '--stage is missing'],
    [
      'a stage with a hyphen',
      ['a.csv', '--stage', 'dev-x', '--tenant', 'a'],
      '1 to 12 lower-case letters and digits, such as "dev2", not "dev-x"',
    ],
    ['no tenant', ['a.csv', '--stage', 'prod'], '--tenant is missing'],
    ['an unknown kind of file', ['a.xls', '--stage', 'local'], 'add --format csv or --format ndjson'],
    ['an unknown option', ['a.csv', '--stages', 'local'], '--stages'],
  ])('ends with code 2 for %s', async (_what, argv, message) => {
    const { code, error } = await run(argv);
    expect({ code, error }).toEqual({ code: 2, error: expect.stringContaining(message) });
  });

  test('explains itself', async () => {
    const { code, out } = await runProcess(['--help']);
    expect(code).toBe(0);
    expect(out).toContain('--dry-run');
  });
});
