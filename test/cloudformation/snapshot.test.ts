import { expect, test } from 'vitest';
import { eventBusTemplate, serviceTemplate, withoutBuildTraces } from './templates.ts';

// A change here is a change to what is deployed. Read it, then accept it with `npx vitest run test/cloudformation -u`.

test('the service stack is the one that was reviewed', () => {
  expect(withoutBuildTraces(serviceTemplate())).toMatchSnapshot();
});

test('the event bus stack is the one that was reviewed', () => {
  expect(eventBusTemplate()).toMatchSnapshot();
});
