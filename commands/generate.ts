import { writeFileSync } from 'node:fs';
import { clientSource } from './generate/client.ts';
import { explorerSource } from './generate/explorer.ts';

/** Writes what is made from other files; the names say what is not edited by hand. `npm ci` runs it by itself. */
write('src/runtime/openapi-explorer.generated.ts', explorerSource());
write('client/api.generated.ts', await clientSource());

function write(path: string, content: string): void {
  writeFileSync(new URL(`../${path}`, import.meta.url), content);
}
