import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';
import { startService } from '../../local/service.ts';
import { openTemporaryFolder } from '../shared/leave-nothing.ts';
import { fillService, type World } from './api/world.ts';
import { installPythonPackage } from './parts/install.ts';
import { runProgram } from './parts/run-program.ts';
import { versions } from './parts/versions.ts';
import type { Suite, SuiteOptions } from './suite.ts';

/** For each route: enough that a change of it gets every kind of request, and that all routes together exceed the minimum. */
const EXAMPLES = { bounded: 10, thorough: 400 };
const LEAST_REQUESTS = { bounded: 0, thorough: 10_000 };
const TIMEOUT_SECONDS = { bounded: 600, thorough: 3_600 };
const MAX_OUTPUT_LENGTH = 20_000;

const Report = z.object({
  complete: z.boolean(),
  operations: z.object({ total: z.int(), tested: z.int() }),
  test_cases: z.object({ generated: z.int(), with_failures: z.int(), errored: z.int() }),
  failures: z.array(z.object({ code: z.string(), title: z.string(), operations: z.array(z.string()) })),
});
type Tried = { report: z.infer<typeof Report>; output: string };

export const apiSuite: Suite = {
  name: 'api',
  about: 'schemathesis asks every route of the running service what the served OpenAPI document allows, and what it does not',
  needs: ['python'],
  async run(options) {
    const programs = await installPythonPackage('schemathesis', options.log);
    const folder = await openTemporaryFolder();
    const service = await startService({ stateDirectory: join(folder.path, 'state'), port: 0, awsPort: 0, log: options.log });
    try {
      const world = await fillService(service);
      const { report, output } = await tryRoutes(options, {
        program: join(programs, 'schemathesis'),
        apiUrl: service.apiUrl,
        world,
        directory: folder.path,
      });
      const { generated, with_failures: failed, errored } = report.test_cases;
      const faults = report.failures.map(({ code, title, operations }) => `${code} ${title}: ${operations.join(', ')}`);
      if (!report.complete || errored > 0) faults.push('schemathesis did not come to its end');
      const least = LEAST_REQUESTS[extentOf(options)];
      if (generated < least) faults.push(`only ${generated} requests were made, not ${least}`);
      if (report.operations.tested < report.operations.total) faults.push('a route was not tried');
      return {
        findings: [
          {
            part: `schemathesis ${versions.schemathesis}`,
            checked: `${report.operations.tested} of ${report.operations.total} routes, ${generated} requests made from seed ${options.seed}`,
            passed: generated - failed,
            failed: Math.max(failed, faults.length),
          },
        ],
        faults,
        notes: faults.length === 0 ? [] : [output.slice(-MAX_OUTPUT_LENGTH)],
      };
    } finally {
      await service.close();
      folder.remove();
    }
  },
};

function extentOf({ thorough }: SuiteOptions): keyof typeof EXAMPLES {
  return thorough ? 'thorough' : 'bounded';
}

async function tryRoutes(
  options: SuiteOptions,
  { program, apiUrl, world, directory }: { program: string; apiUrl: string; world: World; directory: string },
): Promise<Tried> {
  const { seed, log } = options;
  const extent = extentOf(options);
  const reportFile = join(directory, 'report.json');
  log(`asking with ${EXAMPLES[extent]} examples a route …`);
  const { output, errors } = await runProgram({
    command: program,
    arguments: [
      ...[
        '--config-file',
        fileURLToPath(new URL('api/schemathesis.toml', import.meta.url)),
        'run',
        `${apiUrl}/openapi.json`,
        '--checks',
        'all',
      ],
      ...['--header', `Authorization: Bearer ${world.token}`, '--seed', String(seed), '--max-examples', String(EXAMPLES[extent])],
      ...['--report', 'json', '--report-json-path', reportFile, '--no-color'],
    ],
    environment: {
      CONFORMANCE_API_HOOKS: fileURLToPath(new URL('api/hooks.py', import.meta.url)),
      CONFORMANCE_API_URL: apiUrl,
      CONFORMANCE_API_KNOWN: JSON.stringify(world.known),
      CONFORMANCE_API_DETAIL: JSON.stringify(world.detail),
      CONFORMANCE_OPERATOR_TOKEN: world.operatorToken,
    },
    // schemathesis stores earlier failures in its folder, and starts with them.
    directory,
    timeoutSeconds: TIMEOUT_SECONDS[extent],
  });
  const text = await readFile(reportFile, 'utf8').catch((cause: unknown) => {
    throw new Error(`schemathesis left no report: ${`${output}\n${errors}`.slice(-MAX_OUTPUT_LENGTH)}`, { cause });
  });
  return { report: Report.parse(JSON.parse(text)), output };
}
