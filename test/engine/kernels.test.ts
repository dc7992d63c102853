import { spawnSync } from 'node:child_process';
import { expect, test } from '@jest/globals';
import { createNative } from '../../native/index.ts';
import { pathOf } from './fork-engine.ts';

/** From best to plainest; a CPU runs its own best and every one after it of its kind. */
const instructionSets = { x64: ['amx', 'avx512', 'avx2', 'scalar'], arm64: ['neon', 'scalar'] }[
  process.arch as 'x64'
] ?? ['scalar'];
/** What products of bytes run with beside each; the first instructions for them came later. */
const instructionSetsOfBytes: Record<string, RegExp> = {
  amx: /^in 8 bits amx$/m,
  avx512: /^in 8 bits (avx512-vnni|avx2)$/m,
  avx2: /^in 8 bits avx2$/m,
  neon: /^in 8 bits (neon-dot|scalar)$/m,
  scalar: /^in 8 bits scalar$/m,
};
const best = createNative().info().instructionSet;
const supported = instructionSets.slice(instructionSets.indexOf(best));

test.each(supported)('every CPU primitive agrees with plain arithmetic on %s', (instructionSet) => {
  const { status, stdout } = spawnSync(pathOf('native/build/Release/hearth_kernel_tests'), {
    env: { ...process.env, HEARTH_INSTRUCTION_SET: instructionSet },
    encoding: 'utf8',
  });
  expect(stdout).toContain(`instruction set ${instructionSet}\n`);
  expect(stdout).toMatch(instructionSetsOfBytes[instructionSet] as RegExp);
  expect(stdout.split('\n').filter((line) => line.startsWith('FAILED'))).toEqual([]);
  expect(stdout).toMatch(/\n0 failed\n$/);
  expect(status).toBe(0);
});
