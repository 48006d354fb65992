import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import * as z from 'zod';
import { packageStack } from '../../local/template/package-stack.ts';
import { projectDirectory } from '../../tooling/packaging/run-packager.ts';
import { installPythonPackage } from './parts/install.ts';
import { runProgram } from './parts/run-program.ts';
import { versions } from './parts/versions.ts';
import type { Finding, Suite } from './suite.ts';
import { type Complaint, judge } from './templates/waivers.ts';

const templates = ['cloudformation/event-bus.yml', '.serverless/cloudformation-template-update-stack.json'];

const LintMatches = z.array(
  z.object({
    Filename: z.string(),
    Level: z.string(),
    Message: z.string(),
    Rule: z.object({ Id: z.string() }),
    Location: z.object({ Path: z.array(z.union([z.string(), z.number()])).nullable() }),
  }),
);

const Checkov = z.object({
  results: z.object({ failed_checks: z.array(z.object({ check_id: z.string(), check_name: z.string(), resource: z.string() })) }),
  summary: z.object({ passed: z.int(), failed: z.int(), parsing_errors: z.int(), resource_count: z.int() }),
});

type Checked = { finding: Finding; complaints: Complaint[]; faults: string[] };

/** Checks both templates with two independent readers of CloudFormation. */
export const templatesSuite: Suite = {
  name: 'templates',
  about: 'cfn-lint and checkov read both CloudFormation templates',
  needs: ['python'],
  async run({ log }) {
    await packageStack({ log: log });
    const linted = await lint(await installPythonPackage('cfn-lint', log));
    const checked = await secure(await installPythonPackage('checkov', log));
    const { unexplained, unneeded, waived } = judge([...linted.complaints, ...checked.complaints]);
    const findings = [linted, checked].map(({ finding, complaints }) => {
      const failed = complaints.filter((complaint) => unexplained.includes(complaint)).length;
      return {
        ...finding,
        checked: `${finding.checked}, ${complaints.length - failed} complaints waived`,
        failed: finding.failed + failed,
      };
    });
    const waivers = { part: 'the file of waivers', checked: 'that each is needed', passed: waived.length, failed: unneeded.length };
    return {
      findings: [...findings, waivers],
      faults: [
        ...linted.faults,
        ...checked.faults,
        ...unexplained.map(({ check, resource, words }) => `${check} at ${resource}: ${words}`),
        ...unneeded.map((waiver) => `the waiver of ${waiver} is not needed`),
      ],
      notes: waived.map(({ checks, count, reason }) => `waived ${checks} (${count}): ${reason}`),
    };
  },
};

async function lint(programs: string): Promise<Checked> {
  const { output, errors } = await runProgram({ command: join(programs, 'cfn-lint'), arguments: ['--format', 'json', ...templates] });
  if (!output.startsWith('[')) throw new Error(`cfn-lint did not answer: ${errors}`);
  const matches = LintMatches.parse(JSON.parse(output)).map(({ Filename, Level, Message, Rule, Location }) => ({
    check: Rule.Id,
    resource: String(Location.Path?.[1] ?? Filename),
    words: `${Level}: ${Message}`,
  }));
  const finding = {
    part: `cfn-lint ${versions['cfn-lint']}`,
    checked: `${templates.length} templates`,
    passed: templates.length,
    failed: 0,
  };
  return { finding, complaints: [...matches, ...templates.flatMap(ignoredByTemplate)], faults: [] };
}

/** The checks that a template itself tells cfn-lint to ignore; each needs a waiver like any other complaint. */
function ignoredByTemplate(file: string): Complaint[] {
  const text = readFileSync(fileURLToPath(new URL(file, projectDirectory)), 'utf8');
  const ignored = [...text.matchAll(/"?ignore_checks"?:\s*(\[[^\]]*\])/g)].flatMap(([, list = '[]']) =>
    z.array(z.string()).parse(parse(list)),
  );
  return [...new Set(ignored)].map((check) => ({ check, resource: file, words: 'ignored by the template itself' }));
}

async function secure(programs: string): Promise<Checked> {
  const results = await Promise.all(templates.map((template) => secureOne(programs, template)));
  const sum = (count: (summary: z.infer<typeof Checkov>['summary']) => number) =>
    results.reduce((total, { summary }) => total + count(summary), 0);
  const broken = sum((summary) => summary.parsing_errors) + results.filter(({ summary }) => summary.passed === 0).length;
  return {
    finding: {
      part: `checkov ${versions.checkov}`,
      checked: `${templates.length} templates, ${sum((summary) => summary.resource_count)} resources`,
      passed: sum((summary) => summary.passed),
      failed: broken,
    },
    complaints: results.flatMap(({ results: { failed_checks } }) =>
      failed_checks.map(({ check_id, check_name, resource }) => ({
        check: check_id,
        resource: resource.slice(resource.lastIndexOf('.') + 1),
        words: check_name,
      })),
    ),
    faults: broken > 0 ? ['checkov could not read a template'] : [],
  };
}

async function secureOne(programs: string, template: string): Promise<z.infer<typeof Checkov>> {
  const options = ['--framework', 'cloudformation', '--output', 'json', '--quiet', '--compact', '--skip-download', '--soft-fail'];
  const { output, errors } = await runProgram({
    command: join(programs, 'checkov'),
    arguments: [...options, '--file', template],
    environment: { LOG_LEVEL: 'ERROR' },
  });
  if (!output.startsWith('{')) throw new Error(`checkov did not answer for ${template}: ${errors}`);
  return Checkov.parse(JSON.parse(output));
}
