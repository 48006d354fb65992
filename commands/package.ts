import { defineCommand } from '../tooling/command-line/command.ts';
import { CommandFailure } from '../tooling/command-line/failures.ts';
import { value } from '../tooling/command-line/options.ts';
import { runCommand } from '../tooling/command-line/run-command.ts';
import { anyText } from '../tooling/command-line/value-forms.ts';
import { oneAtATime } from '../tooling/packaging/one-at-a-time.ts';
import { PackagingFailed, packagingLock, runPackager } from '../tooling/packaging/run-packager.ts';

const command = defineCommand({
  name: 'npm run package',
  about:
    'Builds what a deploy uploads into .serverless/: the CloudFormation template and a zip for each function. Needs no network and no credentials.',
  options: {
    // The packager checks it, since a deploy passes through there too.
    stage: value(anyText, { placeholder: 'STAGE', about: 'Stage in the names of the template', defaultText: 'dev' }),
  },
  notes: ['All other options are passed to `serverless package`.'],
  examples: ['npm run package -- --stage prod', 'npm run package -- --stage prod --region eu-west-1 --param="logLevel=DEBUG"'],
  exitCodes: { 0: 'packaged', 1: 'the stack could not be packaged' },
  allowsOthers: true,
});

await runCommand(command, async () => {
  const packaging = () => runPackager(process.argv.slice(2), (text) => process.stdout.write(text));
  try {
    await oneAtATime(packagingLock, packaging, () => console.log('Another process is packaging the stack; waiting for it …'));
    return 0;
  } catch (error) {
    if (!(error instanceof PackagingFailed)) throw error;
    throw new CommandFailure(`The stack could not be packaged: ${error.message}`, { cause: error });
  }
});
