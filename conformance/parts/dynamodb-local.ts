import { installJavaLibrary } from './install.ts';
import { type RunningServer, startServer } from './server-program.ts';

/** AWS's own DynamoDB for one machine, in memory or in a folder that exists. Each access key has tables of its own. */
export async function startDynamoDBLocal(say: (line: string) => void, folder?: string): Promise<RunningServer> {
  const library = await installJavaLibrary('com.amazonaws', 'DynamoDBLocal', say);
  return startServer((port) => ({
    command: 'java',
    arguments: [
      `-Djava.library.path=${library}`,
      '-cp',
      `${library}/*`,
      'com.amazonaws.services.dynamodbv2.local.main.ServerRunner',
      ...(folder === undefined ? ['-inMemory'] : ['-dbPath', folder]),
      ...['-disableTelemetry', '-port', String(port)],
    ],
  }));
}
