import { CommandFailure } from '../tooling/command-line/failures.ts';
import { runCommand } from '../tooling/command-line/run-command.ts';
import { doctorArguments, doctorCommand } from './doctor/arguments.ts';
import { reasonOf } from './doctor/aws-errors.ts';
import { createSetup } from './doctor/create-setup.ts';
import { asJson, asText, exitCodeOf } from './doctor/report.ts';
import { runChecks } from './doctor/run-checks.ts';

await runCommand(doctorCommand, async (values) => {
  const { checks, json, ...chosen } = doctorArguments(values);
  const setup = await createSetup(chosen).catch((error) => {
    throw new CommandFailure(`AWS does not accept the credentials: ${reasonOf(error)}`, { exitCode: 2, cause: error });
  });
  const findings = await runChecks(checks, setup);
  const checked = { stage: chosen.stage, region: chosen.region, account: setup.location.accountId, endpoint: chosen.endpoint };
  console.log(json ? asJson(findings, checked) : asText(findings, checked));
  return exitCodeOf(findings);
});
