import { readFileSync } from 'node:fs';
import { brotliCompressSync, constants } from 'node:zlib';

/**
 * The explorer of `/docs` as a module with compressed text: a function's zip has one file, and neither Node nor the test runner can import
 * a file as text as the bundler can.
 */
export function explorerSource(): string {
  const explorer = readFileSync(new URL('../../node_modules/openapi-explorer/dist/browser/openapi-explorer.min.js', import.meta.url));
  const compressed = brotliCompressSync(explorer, { params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY } });
  return `/** The browser's file of the package openapi-explorer (Apache-2.0), compressed by Brotli, in Base64. Written by commands/generate.ts. */
export const OPENAPI_EXPLORER = '${compressed.toString('base64')}';
`;
}
