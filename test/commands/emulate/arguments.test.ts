import { describe, expect, test } from 'vitest';
import { emulateArguments, emulateCommand } from '../../../commands/emulate/arguments.ts';
import { UsageError } from '../../../tooling/command-line/failures.ts';
import { parseCommandLine } from '../../../tooling/command-line/parse-command-line.ts';

function parse(argv: string[]) {
  const values = parseCommandLine(emulateCommand, argv);
  return values === 'help' ? values : emulateArguments(values);
}

describe('the options of npm run emulate', () => {
  test('reads every option', () => {
    const argv =
      '--tenant t --accounts 3 --rate 2.5 --seconds 4 --seed 5 --duplicates 5% --invalid 0.5% --unusable-tenants --hostile --shuffle ' +
      '--record f --endpoint http://h:1 --bus b --start 2026-03-14T10:00:00+01:00';
    expect(parse(argv.split(' '))).toEqual({
      tenant: 't',
      accounts: 3,
      rate: 2.5,
      seconds: 4,
      seed: 5,
      duplicateShare: 0.05,
      invalidShare: 0.005,
      withUnusableTenants: true,
      withHostileValues: true,
      shuffle: true,
      record: 'f',
      endpoint: 'http://h:1',
      bus: 'b',
      startsAt: Date.parse('2026-03-14T09:00:00Z'),
    });
  });

  test('needs none', () => {
    expect(parse([])).toMatchObject({ tenant: 'mvno-aurora', endpoint: 'http://127.0.0.1:4401', startsAt: undefined });
  });

  test('takes "aws" as endpoint for AWS itself', () => {
    expect(parse(['--endpoint', 'aws'])).toMatchObject({ endpoint: undefined });
  });

  test('answers help', () => {
    expect(parse(['--help'])).toBe('help');
  });

  test.each([
    [['--tenant', 'a b'], '--tenant takes 1 to 64 letters, digits, ".", "_" or "-", not "a b"'],
    [['--accounts', '0'], '--accounts takes a whole number from 1 to 100000, not "0"'],
    [['--accounts', '1.5'], '--accounts takes a whole number from 1 to 100000, not "1.5"'],
    [['--rate', '7x'], '--rate takes a number from 0.1 to 5000, not "7x"'],
    [['--rate', '5001'], '--rate takes a number from 0.1 to 5000, not "5001"'],
    [['--seconds', ''], '--seconds takes a number from 1 to 604800, not ""'],
    [['--seed=-1'], '--seed takes a whole number from 0 to 4294967295, not "-1"'],
    [['--duplicates', '5'], '--duplicates takes a percentage from 0% to 100%, such as 5%, not "5"'],
    [['--invalid', '101%'], '--invalid takes a percentage from 0% to 100%, such as 5%, not "101%"'],
    [['--endpoint', 'localhost:4401'], '--endpoint takes an http or https URL, or "aws", not "localhost:4401"'],
    [['--bus', 'a b'], '--bus takes the name or ARN of an event bus, not "a b"'],
    [['--start', 'yesterday'], '--start takes an ISO 8601 time from 2000 to 2099 with Z or an offset, not "yesterday"'],
    [['--rates', '5'], 'Unknown option "--rates". Did you mean "--rate"?'],
    [['--rate'], '--rate needs a value: --rate N'],
    [['--rate', '--shuffle'], '--rate needs a value, and "--shuffle" looks like an option. Write --rate=--shuffle if it is the value'],
    [['--shuffle=yes'], '--shuffle takes no value, not "yes"'],
    [['extra'], 'Unexpected argument "extra"'],
  ])('rejects %j', (argv, message) => {
    expect(() => parse(argv)).toThrow(UsageError);
    expect(() => parse(argv)).toThrow(message);
  });
});
