import { afterEach, expect, test } from '@jest/globals';
import pino from 'pino';
import { HearthError } from '../../../../daemon/src/errors/hearth-error.ts';
import { isStalled, type MemoryPressure } from '../../../../daemon/src/server/supervisor/memory-pressure.ts';
import { type RelieveMemoryRequest, relieveMemory } from '../../../../daemon/src/server/supervisor/relieve-memory.ts';
import type { EngineState } from '../../../../daemon/src/server/supervisor/supervisor.ts';

let stop: () => void = () => undefined;

afterEach(() => stop());

/** Looks at the system until it has looked so often; answers with how often the engine was asked to go. */
async function unloadsAfter(looks: number, request: Partial<RelieveMemoryRequest> & { pressure: MemoryPressure }) {
  let unloads = 0;
  let looked = 0;
  await new Promise<void>((resolve) => {
    stop = relieveMemory({
      supervisor: {
        state: () => ({ status: 'ready' }) as EngineState,
        relieve: async () => {
          unloads++;
          return true;
        },
      },
      log: pino({ level: 'silent' }),
      isWanted: () => true,
      intervalMs: 1,
      ...request,
      readPressure: async () => {
        if (++looked === looks) setImmediate(resolve);
        return request.pressure;
      },
    });
  });
  return unloads;
}

test('an idle model goes when the system is out of memory', async () => {
  expect(await unloadsAfter(1, { pressure: 'critical' })).toBe(1);
});

test('it stays while there is memory', async () => {
  expect(await unloadsAfter(3, { pressure: 'normal' })).toBe(0);
});

test('an engine that has work keeps its model', async () => {
  const supervisor = {
    state: () => ({ status: 'ready' }) as EngineState,
    relieve: () => Promise.reject(new HearthError('ENGINE_BUSY', 'busy')),
  };
  expect(await unloadsAfter(3, { pressure: 'critical', supervisor })).toBe(0);
});

test('the stalls of the kernel are read', () => {
  const some = 'some avg10=55.00 avg60=1.00 avg300=0.00 total=1\n';
  expect(isStalled(`${some}full avg10=0.00 avg60=0.00 avg300=0.00 total=0\n`)).toBe(false);
  expect(isStalled(`${some}full avg10=12.50 avg60=0.00 avg300=0.00 total=0\n`)).toBe(true);
  expect(isStalled('')).toBe(false);
});
