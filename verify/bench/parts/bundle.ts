import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { parseDocument } from 'yaml';
import * as z from 'zod';
import { projectDirectory } from '../../../tooling/packaging/run-packager.ts';
import { benchDirectory } from '../report.ts';

const Serverless = z.object({
  custom: z.object({
    esbuild: z.object({
      bundle: z.literal(true),
      minify: z.boolean(),
      alias: z.record(z.string(), z.string()),
      target: z.string(),
      format: z.enum(['cjs', 'esm']),
      mainFields: z.array(z.string()),
    }),
  }),
});

/** `sources` are the project's own files in it. */
export type Bundle = { file: string; sources: string[] };

/** Bundles a file or a text with the packager's settings, so that a floor is comparable. */
export async function bundleAsPackaged(name: string, source: URL | { contents: string }): Promise<Bundle> {
  const text = await readFile(new URL('serverless.yml', projectDirectory), 'utf8');
  // Other parts of the file have CloudFormation's tags.
  const { custom } = Serverless.parse(parseDocument(text, { logLevel: 'silent' }).toJS());
  const resolveDir = fileURLToPath(projectDirectory);
  const folder = join(benchDirectory, 'bundles', name);
  await mkdir(folder, { recursive: true });
  // In Lambda there is no package.json above a function, so `.js` means CommonJS.
  await writeFile(join(folder, 'package.json'), '{}');
  const file = join(folder, `${name}.js`);
  const input = source instanceof URL ? { entryPoints: [fileURLToPath(source)] } : { stdin: { contents: source.contents, resolveDir } };
  const settings = { ...custom.esbuild, ...input, absWorkingDir: resolveDir, outfile: file };
  const { metafile } = await build({ ...settings, metafile: true, platform: 'node', logLevel: 'error' });
  return { file, sources: Object.keys(metafile.inputs).filter((path) => path.startsWith('src/')) };
}
