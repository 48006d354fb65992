import { withDurableExecution } from '@aws/durable-execution-sdk-js';
import { createConfigurations } from '../configuration/configurations.ts';
import { createReplaySteps, type ReplaySteps } from '../operations/replay/replay-steps.ts';
import { replay } from '../operations/replay/workflow.ts';
import { createReplayExecutions } from '../operations/replay-executions.ts';
import { readSettings } from '../platform/settings.ts';
import { createTableClient } from '../platform/table.ts';
import { createExecutionStarter } from '../workflows/engine/start-execution.ts';

function liveSteps(): ReplaySteps {
  const { tableName, stage, functionPrefix } = readSettings(['tableName', 'stage', 'functionPrefix']);
  const table = createTableClient(tableName);
  const now = () => Date.now();
  return createReplaySteps({
    table,
    configurations: createConfigurations(table, now),
    startExecution: createExecutionStarter({ stage, functionPrefix }),
    startReplay: createReplayExecutions({ stage, functionPrefix }),
    now,
  });
}

export const handler = withDurableExecution(replay(liveSteps()));
