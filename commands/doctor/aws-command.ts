/** An AWS command line, quoted for a shell: its words, then the Region and, for an emulator, its address. */
export function awsCommand({ region, endpoint }: { region: string; endpoint: string | undefined }, words: string[]): string {
  const at = endpoint === undefined ? [] : ['--endpoint-url', endpoint];
  return ['aws', ...words, '--region', region, ...at].map(quoted).join(' ');
}

function quoted(word: string): string {
  return /^[\w/:=.,@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
