import { ConfigurationUsageError } from '../tooling/configuration/usage-error.ts';
import { type DoctorArguments, parseDoctorArguments, USAGE } from './doctor/arguments.ts';
import { createSetup } from './doctor/create-setup.ts';
import { asJson, asText, exitCodeOf } from './doctor/report.ts';
import { reasonOf, runChecks } from './doctor/run-checks.ts';

try {
  const chosen = parseDoctorArguments(process.argv.slice(2));
  if (chosen === 'help') console.log(USAGE);
  else process.exitCode = await look(chosen);
} catch (error) {
  if (!(error instanceof ConfigurationUsageError)) throw error;
  console.error(error.message);
  process.exitCode = error.exitCode;
}

async function look(chosen: DoctorArguments): Promise<number> {
  const setup = await createSetup(chosen).catch((error) => {
    throw new ConfigurationUsageError(`AWS does not say whose credentials these are: ${reasonOf(error)}`, { cause: error });
  });
  const findings = await runChecks(chosen.checks, setup);
  const looked = { stage: chosen.stage, region: chosen.region, account: setup.location.accountId, endpoint: chosen.endpoint };
  console.log(chosen.json ? asJson(findings, looked) : asText(findings, looked));
  return exitCodeOf(findings);
}
