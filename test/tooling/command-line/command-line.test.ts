import { expect, test } from 'vitest';
import { defineCommand } from '../../../tooling/command-line/command.ts';
import { UsageError } from '../../../tooling/command-line/failures.ts';
import { helpText } from '../../../tooling/command-line/help-text.ts';
import { argument, flag, value, values } from '../../../tooling/command-line/options.ts';
import { parseCommandLine } from '../../../tooling/command-line/parse-command-line.ts';
import { anyText, oneOf, wholeNumber } from '../../../tooling/command-line/value-forms.ts';

const command = defineCommand({
  name: 'npm run send',
  about: 'Sends a file.',
  options: {
    file: argument(anyText, { placeholder: 'FILE', about: 'File to send' }),
    stage: value(anyText, { placeholder: 'STAGE', about: 'Stage', required: true }),
    dryRun: flag('Send nothing'),
    times: value(wholeNumber(1, 9), { placeholder: 'N', about: 'How often', default: 2 }),
    only: values(oneOf(['sms', 'email'], { sms: 'texts', email: 'email messages' }), { placeholder: 'NAMES', about: 'Only these' }),
  },
  examples: ['npm run send -- a.csv --stage dev'],
  exitCodes: { 0: 'sent' },
});

test('options are read by name and type, with their defaults', () => {
  expect(parseCommandLine(command, ['a.csv', '--stage', 'dev'])).toEqual({
    file: 'a.csv',
    stage: 'dev',
    dryRun: false,
    times: 2,
    only: [],
  });
  const argv = 'a.csv --stage=dev --stage prod --dry-run --times 3 --only sms,email --only sms'.split(' ');
  expect(parseCommandLine(command, argv)).toEqual({
    file: 'a.csv',
    stage: 'prod',
    dryRun: true,
    times: 3,
    only: ['sms', 'email', 'sms'],
  });
});

test.each([[['--help']], [['a.csv', '-h', '--unknown']]])('%j asks for help', (argv) => {
  expect(parseCommandLine(command, argv)).toBe('help');
});

test.each([
  [[], 'FILE is missing. It takes a text that is not empty'],
  [['a.csv', 'b.csv'], 'Only one FILE at a time: "b.csv" is one too many'],
  [['a.csv'], '--stage is missing. It takes a text that is not empty'],
  [['a.csv', '--stage', 'dev', '--times', '10'], '--times takes a whole number from 1 to 9, not "10"'],
  [['a.csv', '--stage', 'dev', '--only', 'emial'], '--only takes one of sms, email, not "emial". Did you mean "email"?'],
  [['a.csv', '--dryrun'], 'Unknown option "--dryrun". Did you mean "--dry-run"?'],
  [['a.csv', '-x'], 'Unknown option "-x"'],
])('%j is rejected', (argv, message) => {
  expect(() => parseCommandLine(command, argv)).toThrow(new UsageError(message));
});

test('the help shows every option, its limits and its default', () => {
  expect(helpText(command)).toBe(`Usage: npm run send -- FILE [options]

Sends a file.

Options:
  FILE                    File to send
  --stage STAGE           Stage (required)
  --dry-run               Send nothing
  --times N               How often (1 to 9; default: 2)
  --only NAMES            Only these
    sms    texts
    email  email messages
  --help                  Show this help

Examples:
  npm run send -- a.csv --stage dev

Exit codes:
  0    sent
  2    wrong options`);
});
