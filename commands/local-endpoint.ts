const DEFAULT_PORT = 4_400;

/** Where the local service speaks AWS: as its own settings say, so that whoever moved it with PORT or AWS_PORT sets the same here. */
export function localEndpoint(environment: NodeJS.ProcessEnv = process.env): string {
  const { AWS_ENDPOINT_URL, AWS_PORT, PORT } = environment;
  if (AWS_ENDPOINT_URL) return AWS_ENDPOINT_URL;
  return `http://127.0.0.1:${AWS_PORT || Number(PORT || DEFAULT_PORT) + 1}`;
}

/** Where the local service answers, by the same setting. */
export function localService({ PORT }: NodeJS.ProcessEnv = process.env): string {
  return `http://127.0.0.1:${PORT || DEFAULT_PORT}`;
}

/** What to look at where nothing answers there. */
export function localHint(): string {
  return `. Is \`npm start\` running? It was looked for at ${localEndpoint()}; PORT, AWS_PORT or AWS_ENDPOINT_URL name another place`;
}
