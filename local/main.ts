import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type LocalService, startService } from './service.ts';
import { reasonOf, StartupFault } from './startup-fault.ts';
import { StateUnusable } from './state.ts';

const highestPort = 65_535;

/** The default of `npm run emulate`. */
const DEFAULT_AWS_URL = 'http://127.0.0.1:4401';

/** One Ctrl-C arrives twice, from the terminal and from npm. Only a later one forces the exit. */
const sameKeyPressMs = 500;

const help = `npm start: the whole service on this machine.

  PORT         port of the API, its documents and /local/* (default 4400; 0 for any free one)
  AWS_PORT     port of the AWS endpoint for events (default PORT + 1)
  LOCAL_STATE  folder of the state (default .local); delete it to start empty
  THROTTLE=1   the API takes no more requests than a deployed stack with the default parameters, and answers 429
  DEBUG=1      shows the stack of an error`;

await run().catch((error) => {
  const known = error instanceof StartupFault || error instanceof StateUnusable;
  console.error(known ? error.message : `The service could not start: ${reasonOf(error)} (DEBUG=1 npm start shows where.)`);
  if (process.env.DEBUG === '1') console.error(error);
  process.exit(1);
});

async function run(): Promise<void> {
  if (wantsHelp()) {
    console.log(help);
    return;
  }
  const port = portFrom('PORT', 4_400);
  const awsPort = portFrom('AWS_PORT', port === 0 ? 0 : port + 1);
  if (port !== 0 && awsPort === port)
    throw new StartupFault(
      `PORT and AWS_PORT are both ${port}: leave AWS_PORT out, or choose another one, for example \`AWS_PORT=${port < highestPort ? port + 1 : port - 1} npm start\`.`,
    );
  const stateDirectory = resolve(process.env.LOCAL_STATE || '.local');
  const starting = startService({ stateDirectory, port, awsPort, throttled: process.env.THROTTLE === '1', log: console.log });
  endOnSignal(starting);
  greet(await starting);
}

function wantsHelp(): boolean {
  try {
    return parseArgs({ options: { help: { type: 'boolean', short: 'h' } } }).values.help ?? false;
  } catch (error) {
    throw new StartupFault(`${reasonOf(error)}. \`npm start -- --help\` lists what can be set.`, { cause: error });
  }
}

function portFrom(variable: string, otherwise: number): number {
  const text = process.env[variable] || String(otherwise);
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= highestPort) return port;
  throw new StartupFault(`${variable} must be a port from 0 to ${highestPort}, not "${text}": for example \`${variable}=4500 npm start\`.`);
}

function endOnSignal(starting: Promise<LocalService>): void {
  let firstAt: number | undefined;
  const end = async () => {
    if (firstAt !== undefined) {
      if (performance.now() - firstAt > sameKeyPressMs) process.exit(1);
      return;
    }
    firstAt = performance.now();
    console.log('\nEnding; what was taken is kept …');
    // A failed start reports itself.
    const service = await starting.catch(() => undefined);
    await service?.close();
    process.exit(service === undefined ? 1 : 0);
  };
  process.on('SIGINT', end).on('SIGTERM', end);
}

function greet({ apiUrl, awsUrl, totogiUrl, logFile, tenants }: LocalService): void {
  const endpoint = awsUrl === DEFAULT_AWS_URL ? '' : ` --endpoint ${awsUrl}`;
  const published = tenants.map(({ tenant, version, changed }) => `${tenant} (${changed ? 'new version' : 'version'} ${version})`);
  console.log(`
Ready.
  API           ${apiUrl}
  Documents     ${apiUrl}/docs
  AWS endpoint  ${awsUrl}   (event bus totogi-notifications)
  Totogi        ${totogiUrl}   (a stand-in)
  Texts sent    ${apiUrl}/local/outbox
  Log           ${logFile}
  Tenants       ${published.join(', ') || 'none in config/tenants'}

Try: npm run emulate -- --tenant mvno-aurora --accounts 20 --rate 5 --seconds 10 --seed 7${endpoint}     Ctrl-C ends.`);
}
