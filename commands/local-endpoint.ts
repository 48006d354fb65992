/** The stage that `npm start` runs. */
export const LOCAL_STAGE = 'local';

const DEFAULT_PORT = 4_400;

/** The AWS endpoint of the local service, from the settings that the service itself uses. */
export function localEndpoint(environment: NodeJS.ProcessEnv = process.env): string {
  const { AWS_ENDPOINT_URL, AWS_PORT, PORT } = environment;
  if (AWS_ENDPOINT_URL) return AWS_ENDPOINT_URL;
  return `http://127.0.0.1:${AWS_PORT || Number(PORT || DEFAULT_PORT) + 1}`;
}

export function localService({ PORT }: NodeJS.ProcessEnv = process.env): string {
  return `http://127.0.0.1:${PORT || DEFAULT_PORT}`;
}

/** What to do if nothing answers there. */
export function localHint(): string {
  return `Is \`npm start\` running? It is expected at ${localEndpoint()}; set PORT, AWS_PORT or AWS_ENDPOINT_URL if it is elsewhere.`;
}
