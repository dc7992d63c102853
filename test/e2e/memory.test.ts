import { expect, test } from '@jest/globals';
import { type MemoryAfter, watchMemory } from './support/watch-memory.ts';

const growthAllowed = 1.05;

test('22 requests of mixed lengths leave the engine as large as 12 do, and take the same work whenever they are made', async () => {
  const { milestones, unsteady } = await watchMemory({ milestones: [12, 22] });
  const [after12, after22] = milestones as [MemoryAfter, MemoryAfter];
  process.stdout.write(
    `after 12 requests: engine ${megabytes(after12.engineBytes)}, server ${megabytes(after12.serverBytes)}; ` +
      `after 22: ${megabytes(after22.engineBytes)}, ${megabytes(after22.serverBytes)}\n`,
  );
  expect(after22.engineBytes).toBeLessThanOrEqual(after12.engineBytes * growthAllowed);
  expect(unsteady).toEqual([]);
});

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
