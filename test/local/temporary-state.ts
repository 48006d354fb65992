import { onTestFinished } from 'vitest';
import { openState, type State } from '../../local/state.ts';
import { temporaryDirectory } from './temporary-directory.ts';

/** An empty state for the running test. */
export function temporaryState(): State {
  const state = openState(temporaryDirectory());
  onTestFinished(() => state.close());
  return state;
}
