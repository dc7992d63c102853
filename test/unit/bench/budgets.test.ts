import { expect, test } from '@jest/globals';
import { describeBudget, readBudgets } from '../../../bench/budgets.ts';
import type { Measured } from '../../../bench/measure.ts';
import { markdownTable } from '../../../bench/table.ts';

const nothingElse = { long: [], overhead: [], cliStartSeconds: [], engineStartSeconds: [] };

function measured(name: string, wallSeconds: readonly number[], cpuSeconds: number | null = 1): Measured {
  const profile = { encoderSeconds: 0.4, windows: 2, decoderSeconds: 0.1, tokens: 20, peakMemoryBytes: 250e6 };
  const measurements = wallSeconds.map((seconds) => ({ wallSeconds: seconds, cpuSeconds, ...profile }));
  return { name, weights: 'w', text: '', measurements };
}

test('ratios are those of the same rounds, so that a slow round of both changes nothing', () => {
  const short = [measured("Hearth's daemon", [1, 10, 1], 1), measured('faster-whisper int8', [2, 20, 2], 4)];
  const [budget, ...others] = readBudgets({ ...nothingElse, short });
  expect(others).toEqual([]);
  expect(describeBudget(budget as NonNullable<typeof budget>)).toBe(
    "MISSED  short recording, Hearth's daemon against faster-whisper int8: 0.50 (0.50 to 0.50, CPU 0.25), budget 0.4",
  );
});

test('a budget that is missed says so, and who did not run is left out', () => {
  const lines = readBudgets({ ...nothingElse, short: [], cliStartSeconds: [0.1, 0.2, 0.3], engineStartSeconds: [1] });
  expect(lines.map(describeBudget)).toEqual([
    'MISSED  command line, from its start to the first byte sent: 200.0 ms (150.0 to 250.0), budget 100 ms',
    'met     engine process, from its start to warm: 1.00 s (1.00 to 1.00), budget 1 s',
  ]);
});

test('the daemon is compared with its engine round by round', () => {
  const overhead = [measured('daemon', [1.004, 5.006]), measured('engine', [1, 5])];
  const [budget] = readBudgets({ ...nothingElse, short: [], overhead });
  expect(budget?.measured.median).toBeCloseTo(5, 6);
});

test('a table tells of each contender what it can, and of one that ran once too', () => {
  const baseline = measured('b', [2, 2]);
  const [, , first, second] = markdownTable([measured('a', [1], null), baseline], baseline)
    .split('\n')
    .map((line) =>
      line
        .split('|')
        .map((cell) => cell.trim())
        .slice(1, -1),
    );
  expect(first).toEqual(['a', 'w', '1.00 (1.00 to 1.00)', '', '200', '5.0', '250', '0.50 (0.50 to 0.50)', '']);
  expect(second).toEqual(['b', 'w', '2.00 (2.00 to 2.00)', '1.00', '200', '5.0', '250', '1', '1']);
});
