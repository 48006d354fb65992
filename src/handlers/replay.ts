import { withDurableExecution } from '@aws/durable-execution-sdk-js';
import { settings } from '../runtime/settings.ts';
import { openConfigurations } from '../store/configurations.ts';
import { openExecutions } from '../store/executions.ts';
import { openReplayExecutions } from '../store/operations/replay-executions.ts';
import { openTable } from '../store/table.ts';
import { replay } from '../workflows/replay.ts';
import { openReplaySteps, type ReplaySteps } from '../workflows/replay-steps.ts';

function liveSteps(): ReplaySteps {
  const { tableName, stage, functionPrefix } = settings();
  const table = openTable(tableName);
  const now = () => Date.now();
  return openReplaySteps({
    table,
    configurations: openConfigurations(table, now),
    startExecution: openExecutions({ stage, functionPrefix }),
    startReplay: openReplayExecutions({ stage, functionPrefix }),
    now,
  });
}

export const handler = withDurableExecution(replay(liveSteps()));
