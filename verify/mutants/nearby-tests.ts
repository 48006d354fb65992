import { globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

const SERVICE_TESTS = 'test/service/';

/** The test files that reach a source file by imports, the nearest first, and the tests of the whole service last. */
export function createNearbyTests(root: string, excluded: readonly string[]): (source: string) => string[] {
  const importers = new Map<string, string[]>();
  for (const file of globSync('{src,commands,local,test}/**/*.ts', { cwd: root }))
    for (const imported of importsOf(root, file)) importers.set(imported, [...(importers.get(imported) ?? []), file]);
  const services = globSync(`${SERVICE_TESTS}*.test.ts`, { cwd: root, exclude: excluded });
  const isTest = (file: string) => file.endsWith('.test.ts') && !file.startsWith(SERVICE_TESTS) && !excluded.includes(file);

  return (source) => {
    const reached = new Set([source]);
    for (const file of reached) for (const importer of importers.get(file) ?? []) reached.add(importer);
    return [...[...reached].filter(isTest), ...services.toSorted()];
  };
}

function importsOf(root: string, file: string): string[] {
  const specifiers = readFileSync(join(root, file), 'utf8').matchAll(/\b(?:from|import)\s*\(?\s*'(\.{1,2}\/[^']+\.ts)'/g);
  return [...specifiers].map(([, specifier = '']) => normalize(join(dirname(file), specifier)));
}
