import { LOCAL_STAGE } from '../local-endpoint.ts';

/** `endpoint` is undefined for AWS itself. */
type At = { region: string; endpoint: string | undefined };

/** An AWS command line, quoted for a shell, with Region and, for an emulator, endpoint. */
export function awsCommand({ region, endpoint }: At, words: string[]): string {
  const at = endpoint === undefined ? [] : ['--endpoint-url', endpoint];
  return ['aws', ...words, '--region', region, ...at].map(quoted).join(' ');
}

/** A deploy resets each parameter that it does not name to its default, so the command says that. */
export function deployCommand({ stage, region, endpoint }: At & { stage: string }, parameters: string[]): string {
  const words = ['npm', 'run', 'deploy', '--', '--stage', stage, '--region', region, ...parameters.map((one) => `--param=${one}`)];
  const others = 'add --param for each other parameter of the last deploy: those left out are reset to their defaults';
  return `${[...variables({ AWS_ENDPOINT_URL: endpoint }), ...words.map(quoted)].join(' ')} # ${others}`;
}

/** The local service needs no Region or endpoint. */
export function publishCommand({ stage, region, endpoint }: At & { stage: string }): string {
  const at = stage === LOCAL_STAGE ? [] : variables({ AWS_REGION: region, AWS_ENDPOINT_URL: endpoint });
  return [...at, ...['npm', 'run', 'config:publish', '--', '--stage', stage].map(quoted)].join(' ');
}

function variables(values: Record<string, string | undefined>): string[] {
  return Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${quoted(value)}`]));
}

function quoted(word: string): string {
  return /^[\w/:=.,@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
