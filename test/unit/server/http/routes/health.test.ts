import { afterEach, expect, test } from '@jest/globals';
import type { EngineState } from '../../../../../daemon/src/server/supervisor/supervisor.ts';
import { type Served, serveStandIn } from '../serve-stand-in.ts';

let served: Served;

afterEach(() => served.close());

const problem = {
  code: 'MODEL_NOT_FOUND',
  message: 'The model base is no longer on disk.',
  hint: 'Bring it back.',
} as const;
const statuses: readonly (readonly [EngineState['status'], string])[] = [
  ['starting', 'starting'],
  ['loading', 'starting'],
  ['restarting', 'starting'],
  ['ready', 'ok'],
  ['unloaded', 'ok'],
  ['failed', 'degraded'],
];

test.each(statuses)('an engine that is %s makes the daemon %s', async (status, expected) => {
  served = await serveStandIn({ engine: { status } });
  expect((await served.ask({ path: '/v1/health' })).json()).toMatchObject({ status: expected, problems: [] });
});

test.each(statuses)('a problem makes the daemon degraded while its engine is %s, and is told', async (status) => {
  served = await serveStandIn({ engine: { status }, problems: [problem] });
  expect((await served.ask({ path: '/v1/health' })).json()).toMatchObject({ status: 'degraded', problems: [problem] });
});
