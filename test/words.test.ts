import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

/** Words that had a meaning here alone. Each has one of the field's in its place: docs/glossary.md. */
const RETIRED_IN_NAMES =
  /\b(Stor(?:y|ies)|stor(?:y|ies)|told|Told|tells?|said|Said|say|heed\w*|misfortune\w*|befell|witness|Witness|lies|NO_TENANT|inWords|\w+InWords|persistence|standsInTheWay|putAside\w*|(?:MOST|LONGEST|SHORTEST)_\w+|(?:note|lay)[A-Z]\w*|begun|endedAt|beginRun|endRun|handOver\w*|handsOver|handedOver|NotHandedOver|decideInTurn|takePlace|askGate\w*|insist|Asking\w*)\b/;
const RETIRED_CODES =
  /\b(place-unknown|no-hours|capped-(?:day|week)|budget-of-day-spent|no-longer-true|handed-over|refused-by-gate|marketing-stop(?:ped)?|stuck-offers|stops-unmatched|look-whether-it-still-ends|let-things-settle|leave-to-operations|end-run|begin-run|STORY#)/;
const RETIRED_IN_DOCS = /\b(stor(?:y|ies)|mend(?:s|ed)?|anew|of late)\b/i;

const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { encoding: 'utf8' })
  .split('\n')
  .filter((file) => /\.(ts|mjs|md|yml)$/.test(file) && file !== 'test/words.test.ts' && !/\.generated\.|CHANGELOG/.test(file));

/** What a file says in code: neither its comments nor its texts, which may use any plain word. */
function namesIn(text: string): string {
  return text.replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*|'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`|\/(?:[^/\\\n]|\\.)+\//g, '');
}

function matches(pattern: RegExp, text: string): string[] {
  return [...new Set([...text.matchAll(new RegExp(pattern, 'g'))].map(([word]) => word))];
}

test.each([
  ['names', RETIRED_IN_NAMES, (file: string) => (/\.(ts|mjs)$/.test(file) ? namesIn(readFileSync(file, 'utf8')) : '')],
  ['names of files', RETIRED_IN_NAMES, (file: string) => file.replaceAll(/[-/.]/g, ' ')],
  ['codes and steps', RETIRED_CODES, (file: string) => readFileSync(file, 'utf8')],
  ['documents', RETIRED_IN_DOCS, (file: string) => (file.endsWith('.md') ? readFileSync(file, 'utf8') : '')],
])('%s use no retired word', (_where, pattern, textOf) => {
  const found = files.flatMap((file) => matches(pattern, textOf(file)).map((word) => `${file}: ${word}`));
  expect(found).toEqual([]);
});
