import { expect, test } from '@jest/globals';
import { type MemoryAfter, watchMemory } from './support/watch-memory.ts';

const growthAllowed = 1.05;

test('60 requests of mixed lengths leave the engine as large as 20 do, and take the same work whenever they are made', async () => {
  const { milestones, unsteady } = await watchMemory({ milestones: [20, 60] });
  const [after20, after60] = milestones as [MemoryAfter, MemoryAfter];
  process.stdout.write(
    `after 20 requests: engine ${megabytes(after20.engineBytes)}, server ${megabytes(after20.serverBytes)}; ` +
      `after 60: ${megabytes(after60.engineBytes)}, ${megabytes(after60.serverBytes)}\n`,
  );
  expect(after60.engineBytes).toBeLessThanOrEqual(after20.engineBytes * growthAllowed);
  expect(unsteady).toEqual([]);
});

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
