import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { installNpmPackage } from './install.ts';
import { runProgram, runToSuccess } from './run-program.ts';

export type BrowserProgram = { executable: string; environment: Record<string, string>; from: string };

const PACKAGE = '@sparticuz/chromium';
/** The only platform of the package's browser. */
export const packageRunsHere = process.platform === 'linux' && process.arch === 'x64';
const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** A headless Chromium from npm, with the libraries and fonts that a bare machine lacks; on other platforms the machine's own. */
export async function findChromium(log: (line: string) => void): Promise<BrowserProgram | undefined> {
  return packageRunsHere ? fromPackage(log) : onThisMachine();
}

async function fromPackage(log: (line: string) => void): Promise<BrowserProgram> {
  const folder = await installNpmPackage(PACKAGE, log);
  // The package unpacks into the temporary folder, and includes libraries only in Lambda, so the environment says that it is Lambda.
  const unpack = `import('${PACKAGE}').then(async ({ default: chromium }) => console.log(await chromium.executablePath()))`;
  const environment = { TMPDIR: folder, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x' };
  const printed = await runToSuccess({ command: process.execPath, arguments: ['--eval', unpack], directory: folder, environment });
  const fonts = `<fontconfig><dir>${folder}/fonts</dir><cachedir>${folder}/fonts-cache</cachedir></fontconfig>`;
  await writeFile(join(folder, 'fonts', 'fonts.conf'), fonts);
  return {
    executable: printed.trim(),
    environment: { LD_LIBRARY_PATH: join(folder, 'al2023', 'lib'), FONTCONFIG_PATH: join(folder, 'fonts') },
    from: PACKAGE,
  };
}

async function onThisMachine(): Promise<BrowserProgram | undefined> {
  for (const executable of NAMES) {
    const found = await runProgram({ command: 'which', arguments: [executable] }).catch(() => undefined);
    if (found?.code === 0) return { executable: found.output.trim(), environment: {}, from: executable };
  }
  return undefined;
}
