import { withDurableExecution } from '@aws/durable-execution-sdk-js';
import { settings } from '../runtime/settings.ts';
import { createConfigurations } from '../store/configurations.ts';
import { createExecutionStarter } from '../store/executions.ts';
import { createReplayExecutions } from '../store/operations/replay-executions.ts';
import { createTableClient } from '../store/table.ts';
import { replay } from '../workflows/replay.ts';
import { createReplaySteps, type ReplaySteps } from '../workflows/replay-steps.ts';

function liveSteps(): ReplaySteps {
  const { tableName, stage, functionPrefix } = settings();
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
