import { mkdirSync, readdirSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';
import dynalite from 'dynalite';
import type { SharedOffset } from '../clock.ts';
import { denyForeignRequests } from './foreign-requests.ts';
import { endIterators, getInThread } from './level-reads.ts';
import { type FunctionStatements, keepSessionWall } from './session-wall.ts';
import { answerTransactions, watchStore } from './transactions.ts';

export type DatabaseSetup = { directory: string; port: number; offset: SharedOffset; functions: FunctionStatements };
export type DatabaseReport = { port: number } | { reason: string };

const setup = workerData as DatabaseSetup;

let started = false;

// dynalite throws what it cannot answer. A client that disconnects must not end the thread, since nothing was done for it. Any other error
// ends the thread, which then restarts; during startup it means that the files cannot be opened.
process.on('uncaughtException', (error: NodeJS.ErrnoException) => {
  if (error.code === 'ECONNRESET' || error.code === 'EPIPE') return;
  if (started) console.error(error);
  else report({ reason: error.cause instanceof Error ? error.cause.message : error.message });
  process.exitCode = 1;
  setImmediate(() => process.exit());
});

mkdirSync(setup.directory, { recursive: true });
if (hasLostItsHead(setup.directory)) {
  report({ reason: 'its file CURRENT is missing, without which the others cannot be read' });
  process.exit(1);
}
endIterators();
getInThread();
watchStore();
const server = dynalite({ path: setup.directory, createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
answerTransactions(server);
keepSessionWall(server, setup.functions);
denyForeignRequests(server);
server.prependListener('request', (_request, response) => {
  response.setHeader('date', new Date(Date.now() + (setup.offset[0] ?? 0)).toUTCString());
});

/** Without CURRENT, LevelDB ignores the other files and silently creates a new database. */
function hasLostItsHead(directory: string): boolean {
  const files = readdirSync(directory);
  return files.some((file) => file.startsWith('MANIFEST')) && !files.includes('CURRENT');
}

function report(result: DatabaseReport): void {
  parentPort?.postMessage(result);
}

/** dynalite opens its files on the first request, so one at startup reveals a damaged or locked folder. */
async function openFiles(port: number): Promise<void> {
  const reply = await fetch(`http://127.0.0.1:${port}/`, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': 'DynamoDB_20120810.DescribeTable',
      'x-amz-date': '20200101T000000Z',
      authorization: 'AWS4-HMAC-SHA256 Credential=local/20200101/local/dynamodb/aws4_request, SignedHeaders=host, Signature=local',
    },
    body: '{"TableName":"any-table"}',
  });
  const answer = await reply.text();
  if (!reply.ok && !answer.includes('ResourceNotFoundException')) throw new Error(answer);
}

server.on('error', (error: Error) => report({ reason: error.message }));
server.listen(setup.port, '127.0.0.1', async () => {
  const { port } = server.address() as AddressInfo;
  await openFiles(port);
  started = true;
  report({ port });
});

parentPort?.on('message', () => {
  server.close(() => process.exit(0));
  server.closeAllConnections();
});
