import { parseArgs } from 'node:util';
import { oneAtATime } from '../tooling/packaging/one-at-a-time.ts';
import { PackagingFailed, packagingLock, runPackager } from '../tooling/packaging/run-packager.ts';

const HELP = `npm run package [-- --stage S]

Builds what a deploy uploads into .serverless/: the CloudFormation template and a zip per function. Needs no network and no credentials.

  --stage S    the stage that names in the template carry: 1 to 12 lower-case letters and digits (dev)

Any other option goes to \`serverless package\` as it is, for example --region eu-west-1 or --param="logLevel=DEBUG".
Exit code 0 when the package is there, 1 when it is not.`;

const options = process.argv.slice(2);
const { values } = parseArgs({ args: options, options: { help: { type: 'boolean', short: 'h', default: false } }, strict: false });

if (values.help) console.log(HELP);
else await packageStage();

async function packageStage(): Promise<void> {
  const packaging = () => runPackager(options, (text) => process.stdout.write(text));
  try {
    await oneAtATime(packagingLock, packaging, () => console.log('Another process is packaging the stack; waiting for it …'));
  } catch (error) {
    if (!(error instanceof PackagingFailed)) throw error;
    console.error(`The stack could not be packaged: ${error.message}`);
    process.exitCode = 1;
  }
}
