import { expect, test } from '@jest/globals';
import { availableTable, recommendedText } from '../../../../daemon/src/cli/terminal/available-models.ts';
import { availableModels } from '../../../../daemon/src/models/available-models.ts';
import { recommendModels } from '../../../../daemon/src/models/recommend-models.ts';

const machine = { device: 'gpu', memoryBytes: 64e9 } as const;
const available = availableModels((name) => name === 'whisper-base-4bit', machine);
const recommended = recommendModels(available, machine);
const longestName = Math.max(...available.map(({ name }) => name.length));

test('a recommendation says which model and the whole of why, in a window of any width and in a pipe', () => {
  for (const columns of [40, 80, 200, null]) {
    const text = recommendedText(recommended, columns);
    const words = text.replace(/\s+/g, ' ');
    for (const { name, reason } of recommended) {
      expect(words).toContain(name);
      expect(words).toContain(reason);
    }
    const widest = Math.max(...text.split('\n').map((line) => line.length));
    if (columns !== null)
      expect(widest).toBeLessThanOrEqual(Math.max(columns, longestName + 'For the fewest errors: '.length));
  }
});

test('a narrow window leaves nothing out of the models that are worth having', () => {
  const wide = availableTable(available, 200).split('\n');
  expect(wide[0]).toMatch(/^NAME +HERE +DOWNLOAD +MEMORY +ERRORS +SPEED +LANGUAGES +TRANSLATES$/);
  expect(wide[1]).toMatch(/^whisper-base-4bit +yes +0 MB +\d+-\d+ MB +5\.10 % +7x +99 +yes$/);
  const narrow = availableTable(available, 60);
  expect(Math.max(...narrow.split('\n').map((line) => line.length))).toBeLessThanOrEqual(60);
  const [, first = ''] = narrow.replace(/\n {2}/g, ' ').split('\n');
  expect(first).toMatch(
    /^mlx-community\/whisper-tiny-mlx here: no; download: 74 MB; memory: \d+-\d+ MB; errors: 7\.49 %; speed: 10x; languages: 99; translates: yes$/,
  );
  expect(narrow).not.toContain('…');
});
