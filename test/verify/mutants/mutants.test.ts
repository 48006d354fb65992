import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { findMutants } from '../../../verify/mutants/find-mutants.ts';
import { createNearbyTests } from '../../../verify/mutants/nearby-tests.ts';

function projectOf(files: Record<string, string>): string {
  const root = mkdtempSync(join(tmpdir(), 'totogi-mutants-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  }
  return root;
}

test('operators, constants and conditions of the table are changed, one at a time; types are not', () => {
  const source = `import { b } from './b.ts';
type One = 1 | true;
export const a = (x: number, y?: One) => !(x === 2) && (y ?? x > 3);
export const c = { ConditionExpression: 'attribute_not_exists(pk) OR version < :v', at: \`\${b} AND \`, is: true as const };
`;
  const found = findMutants(projectOf({ 'src/a.ts': source }), 'src/a.ts');
  expect(found.map(({ line, before, after }) => `${line} ${before} -> ${after}`)).toEqual([
    '3 ! -> ',
    '3 === -> !==',
    '3 2 -> 3',
    '3 && -> ||',
    '3 > -> >=',
    '3 3 -> 4',
    '4 attribute_not_exists -> attribute_exists',
    '4  OR  ->  AND ',
    '4  < : ->  > :',
    '4  AND  ->  OR ',
    '4 true -> false',
  ]);
  for (const { start, end, before } of found) expect(source.slice(start, end)).toBe(before);
});

test('tests that import a file come first, then those that reach it, then those of the service', () => {
  const root = projectOf({
    'src/rules/a.ts': 'export const a = 1;',
    'src/handlers/b.ts': "import { a } from '../rules/a.ts'; export const b = a;",
    'test/handlers/b.test.ts': "import { b } from '../../src/handlers/b.ts';",
    'test/rules/a.test.ts': "import { a } from '../../src/rules/a.ts';",
    'test/rules/other.test.ts': '',
    'test/local/tool.test.ts': "import { a } from '../../src/rules/a.ts';",
    'test/service/all.test.ts': "await import('./all.suite.ts');",
    'test/service/kills.test.ts': '',
  });
  const nearbyTests = createNearbyTests(root, ['test/local/tool.test.ts', 'test/service/kills.test.ts']);
  expect(nearbyTests('src/rules/a.ts')).toEqual(['test/rules/a.test.ts', 'test/handlers/b.test.ts', 'test/service/all.test.ts']);
});
