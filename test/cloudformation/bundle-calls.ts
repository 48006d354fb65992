import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import * as lambda from '@aws-sdk/client-lambda';
import * as secretsManager from '@aws-sdk/client-secrets-manager';
import * as ses from '@aws-sdk/client-ses';
import * as sns from '@aws-sdk/client-sns';
import * as sqs from '@aws-sdk/client-sqs';
import * as sts from '@aws-sdk/client-sts';
import * as dynamoDb from '@aws-sdk/lib-dynamodb';
import { build } from 'esbuild';
import { parseDocument } from 'yaml';
import * as z from 'zod';

/** What a function can ask of AWS: actions, the index it reads, and the builders of keys (src/schemas/keys.ts) that it uses. */
export type BundleCalls = { actions: string[]; readsIndex: boolean; keyBuilders: string[] };

const SERVICES = { dynamodb: dynamoDb, lambda, secretsmanager: secretsManager, ses, sns, sqs, sts };

/** Where IAM's action is not named as the command is. */
const ACTIONS: Record<string, string[]> = {
  GetCommand: ['dynamodb:GetItem'],
  PutCommand: ['dynamodb:PutItem'],
  UpdateCommand: ['dynamodb:UpdateItem'],
  DeleteCommand: ['dynamodb:DeleteItem'],
  InvokeCommand: ['lambda:InvokeFunction'],
};
const PARTS = { Put: 'PutItem', Update: 'UpdateItem', Delete: 'DeleteItem', ConditionCheck: 'ConditionCheckItem' };

const Settings = z.object({
  alias: z.record(z.string(), z.string()),
  target: z.string(),
  format: z.literal('cjs'),
  mainFields: z.array(z.string()),
});

/**
 * Bundles handlers as the packager does, but readable, and looks through what the bundler left of our own modules and of the durable SDK:
 * functions that nothing calls are not in it any more.
 *
 * @param handlers such as `src/handlers/lookup-api.ts`.
 */
export async function readBundleCalls(handlers: string[]): Promise<Map<string, BundleCalls>> {
  const serverless = parseDocument(readFileSync('serverless.yml', 'utf8'), { logLevel: 'silent' });
  const settings = Settings.parse(serverless.toJS().custom.esbuild);
  const { outputFiles } = await build({
    ...settings,
    entryPoints: handlers,
    outbase: '.',
    outdir: '.',
    bundle: true,
    write: false,
    platform: 'node',
    logLevel: 'error',
  });
  return new Map(outputFiles.map(({ path, text }) => [relative('.', path).replace(/js$/, 'ts'), callsIn(text)]));
}

function callsIn(bundle: string): BundleCalls {
  const modules = modulesOf(bundle);
  const ours = modules.filter(({ path }) => /^src\/|\/durable-execution-sdk-js\//.test(path));
  const code = ours.map(({ text }) => text).join('\n');
  const callers = ours.filter(({ path }) => path !== 'src/schemas/keys.ts').map(({ text }) => text);
  return {
    actions: [...new Set(commandsIn(code).flatMap((command) => actionsOf(command, code)))].sort(),
    readsIndex: code.includes('index: "timeline"'),
    keyBuilders: [...new Set(namesIn(callers.join('\n'), /(?<!\w|\w\.)(\w+(?:Key|Partition))\(/g))].sort(),
  };
}

/** A readable bundle says before each module whose text follows. */
function modulesOf(bundle: string): { path: string; text: string }[] {
  const [, ...parts] = bundle.split(/^(?:\/\/ |\s*")((?:src|node_modules)\/[^\s"]+)(?:$|"\()/m);
  return parts.flatMap((path, index) => (index % 2 === 0 ? [{ path, text: parts[index + 1] ?? '' }] : []));
}

/** The bundler numbers names that two modules have. */
function commandsIn(code: string): string[] {
  return namesIn(code, /new (?:\w+\.)?(\w+Command)\d*\(/g);
}

function namesIn(code: string, pattern: RegExp): string[] {
  return [...code.matchAll(pattern)].map(([, name = '']) => name);
}

function actionsOf(command: string, code: string): string[] {
  const named = ACTIONS[command];
  if (command === 'TransactWriteCommand') {
    const parts = Object.entries(PARTS).filter(([part]) => new RegExp(`\\b${part}: `).test(code));
    return parts.map(([, action]) => `dynamodb:${action}`);
  }
  if (named) return named;
  const [service] = Object.entries(SERVICES).find(([, exported]) => command in exported) ?? [];
  if (service === undefined) throw new Error(`A bundle makes a ${command}: say in test/cloudformation/bundle-calls.ts whose it is.`);
  return [`${service}:${command.replace(/Command$/, '')}`];
}
