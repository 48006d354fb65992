import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { projectDirectory } from '../../../tooling/packaging/run-packager.ts';
import { type Bundle, bundleAsPackaged } from '../parts/bundle.ts';

const AWS_PARTS = /^import \{([^}]+)\} from '(@aws-sdk\/[a-z-]+|@aws\/durable-execution-sdk-js)';/gm;

/**
 * The floor of a function's bundle: the parts of the AWS SDK that its sources import (for a workflow also the durable SDK), each client
 * created once, and nothing else. Undefined if they import none.
 *
 * @param sources the project's files in the function's bundle.
 */
export async function bareBundle(name: string, sources: string[]): Promise<Bundle | undefined> {
  const taken = new Map<string, Set<string>>();
  for (const source of sources) {
    const text = await readFile(fileURLToPath(new URL(source, projectDirectory)), 'utf8');
    for (const [, names = '', part = ''] of text.matchAll(AWS_PARTS)) {
      taken.set(part, new Set([...(taken.get(part) ?? []), ...valuesIn(names)]));
    }
  }
  const parts = [...taken].filter(([, names]) => names.size > 0);
  return parts.length === 0 ? undefined : bundleAsPackaged(`bare-${name}`, { contents: sourceOf(parts) });
}

/** The names that remain without types. */
function valuesIn(names: string): string[] {
  return names
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '' && !name.startsWith('type '));
}

function sourceOf(parts: [string, Set<string>][]): string {
  const imports = parts.map(([part, names]) => `import { ${[...names].join(', ')} } from '${part}';`);
  const names = parts.flatMap(([, all]) => [...all]);
  const made = names.filter((name) => name.endsWith('Client') && name !== 'DynamoDBDocumentClient').map((name) => `new ${name}()`);
  const documents = names.includes('DynamoDBDocumentClient') ? ['DynamoDBDocumentClient.from(new DynamoDBClient())'] : [];
  // Exported, so that the bundler removes nothing as unused.
  return [
    ...imports,
    `export const clients = [${[...made, ...documents].join(', ')}];`,
    `export const parts = [${names.join(', ')}];`,
  ].join('\n');
}
