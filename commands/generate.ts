import { writeFileSync } from 'node:fs';
import { clientSource } from './generate/client.ts';
import { explorerSource } from './generate/explorer.ts';

/** `npm ci` runs this command. Generated files have `.generated` in their name and are not edited by hand. */
write('src/api/openapi-explorer.generated.ts', explorerSource());
write('client/api.generated.ts', await clientSource());

function write(path: string, content: string): void {
  writeFileSync(new URL(`../${path}`, import.meta.url), content);
}
