import { startDatabase } from '../../local/database/database.ts';
import { packageStack } from '../../local/template/package-stack.ts';
import { openTemporaryFolder } from '../shared/leave-nothing.ts';
import { startDynamoDBLocal } from './parts/dynamodb-local.ts';
import { versions } from './parts/versions.ts';
import { describeOutside, runContract } from './store/contract.ts';
import { probes, tryProbes } from './store/differences.ts';
import { createClaims, type Suite } from './suite.ts';

export const storeSuite: Suite = {
  name: 'store',
  about: 'the contract of the store, which npm test runs on the embedded DynamoDB, on DynamoDB Local',
  needs: ['java', 'maven', 'x64'],
  async run({ log }) {
    await packageStack({ log: log });
    const dynamoDBLocal = await startDynamoDBLocal(log);
    const folder = await openTemporaryFolder();
    const embedded = await startDatabase(folder.path);
    try {
      const onLocal = await runContract(dynamoDBLocal.url);
      const differences = await compare(`http://127.0.0.1:${embedded.port}`, dynamoDBLocal.url);
      const part = `DynamoDB Local ${versions.DynamoDBLocal}`;
      return {
        findings: [
          { part, checked: `contract of the store: tests of store, handlers and messages`, passed: onLocal.passed, failed: onLocal.failed },
          differences.finding(`${part}, embedded`, `${probes.length} behaviours are as docs/conformance.md has them`),
        ],
        faults: [...onLocal.faults, ...differences.faults],
        notes: [...describeOutside(), ...describeDifferences()],
      };
    } finally {
      await embedded.close();
      await dynamoDBLocal.stop();
      folder.remove();
    }
  },
};

function describeDifferences(): string[] {
  return probes
    .filter((probe) => probe.embedded !== probe.dynamoDBLocal)
    .map((probe) => `they differ: ${probe.behaviour}: embedded ${probe.embedded}, DynamoDB Local ${probe.dynamoDBLocal}`);
}

async function compare(embeddedUrl: string, localUrl: string) {
  const claims = createClaims();
  const [embedded, local] = [await tryProbes(embeddedUrl), await tryProbes(localUrl)];
  for (const probe of probes) {
    const seen = { embedded: embedded.get(probe.behaviour), dynamoDBLocal: local.get(probe.behaviour) };
    claims.claim(seen.embedded === probe.embedded, `${probe.behaviour}: embedded says ${seen.embedded}, not ${probe.embedded}`);
    claims.claim(
      seen.dynamoDBLocal === probe.dynamoDBLocal,
      `${probe.behaviour}: DynamoDB Local says ${seen.dynamoDBLocal}, not ${probe.dynamoDBLocal}`,
    );
  }
  return claims;
}
