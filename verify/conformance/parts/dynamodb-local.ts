import { installJavaLibrary } from './install.ts';
import { type RunningServer, startServer } from './server-program.ts';

/** AWS's own DynamoDB Local, in memory. Each access key has its own tables. */
export async function startDynamoDBLocal(log: (line: string) => void): Promise<RunningServer> {
  const library = await installJavaLibrary('com.amazonaws', 'DynamoDBLocal', log);
  return startServer((port) => ({
    command: 'java',
    arguments: [
      `-Djava.library.path=${library}`,
      '-cp',
      `${library}/*`,
      'com.amazonaws.services.dynamodbv2.local.main.ServerRunner',
      '-inMemory',
      '-disableTelemetry',
      ...['-port', String(port)],
    ],
  }));
}
