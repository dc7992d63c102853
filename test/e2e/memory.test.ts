import { expect, test } from '@jest/globals';
import { type MemoryAfter, watchMemory } from './support/watch-memory.ts';

const growthAllowed = 1.05;

test('30 requests of mixed lengths leave the engine as large as 12 do, and take the same work whenever they are made', async () => {
  const { milestones, unsteady } = await watchMemory({ milestones: [12, 30] });
  const [after12, after30] = milestones as [MemoryAfter, MemoryAfter];
  process.stdout.write(
    `after 12 requests: engine ${megabytes(after12.engineBytes)}, server ${megabytes(after12.serverBytes)}; ` +
      `after 30: ${megabytes(after30.engineBytes)}, ${megabytes(after30.serverBytes)}\n`,
  );
  expect(after30.engineBytes).toBeLessThanOrEqual(after12.engineBytes * growthAllowed);
  expect(unsteady).toEqual([]);
});

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
