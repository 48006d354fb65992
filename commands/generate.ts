import { readFileSync, writeFileSync } from 'node:fs';
import { brotliCompressSync, constants } from 'node:zlib';

/**
 * Writes what is made from installed packages. `npm ci` runs it by itself.
 *
 * The explorer of `/docs` comes to a function's zip as text, compressed for the browser: a zip holds one file, and neither Node nor the test
 * runner can import a file as text as the bundler can.
 */
const explorer = readFileSync(new URL('../node_modules/openapi-explorer/dist/browser/openapi-explorer.min.js', import.meta.url));
const compressed = brotliCompressSync(explorer, { params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY } });

writeFileSync(
  new URL('../src/runtime/openapi-explorer.generated.ts', import.meta.url),
  `/** The browser's file of the package openapi-explorer (Apache-2.0), compressed by Brotli, in Base64. Written by commands/generate.ts. */
export const OPENAPI_EXPLORER = '${compressed.toString('base64')}';
`,
);
