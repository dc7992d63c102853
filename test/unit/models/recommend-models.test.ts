import { expect, test } from '@jest/globals';
import { availableModels } from '../../../daemon/src/models/available-models.ts';
import { type Machine, recommendModels } from '../../../daemon/src/models/recommend-models.ts';
import { embeddedModelName, recommendedModelName } from '../../../daemon/src/settings/default-model.ts';

const available = availableModels((name) => name === embeddedModelName, { device: 'gpu', memoryBytes: 16e9 });

function recommended(device: Machine['device'], gigabytes: number): Record<string, string> {
  const found = recommendModels(available, { device, memoryBytes: gigabytes * 1e9 });
  return Object.fromEntries(found.map(({ purpose, name }) => [purpose, name]));
}

test('a GPU gets turbo for every day, and the largest model that leaves other programs their memory', () => {
  expect(recommended('gpu', 8)).toMatchObject({
    everyday: recommendedModelName,
    accuracy: 'mlx-community/whisper-large-v3-mlx-8bit',
  });
  expect(recommended('gpu', 4)['accuracy']).toBe('mlx-community/whisper-large-v3-mlx-4bit');
  expect(recommended('gpu', 64)['accuracy']).toBe('mlx-community/whisper-large-v3-mlx');
});

test('a CPU gets models that are faster than speech on one', () => {
  expect(recommended('cpu', 16)).toEqual({
    everyday: embeddedModelName,
    accuracy: 'mlx-community/whisper-small-mlx',
    translation: 'mlx-community/whisper-small-mlx',
    english: 'mlx-community/whisper-base.en-mlx',
  });
});

test.each(['gpu', 'cpu'] as const)('what is recommended for translation on a %s translates', (device) => {
  for (const gigabytes of [1, 4, 8, 16, 128]) {
    const { translation } = recommended(device, gigabytes);
    expect(available.find(({ name }) => name === translation)).toMatchObject({ translates: true });
  }
});

test('every recommendation says why, in figures', () => {
  const reasons = recommendModels(available, { device: 'gpu', memoryBytes: 16e9 }).map(({ reason }) => reason);
  expect(reasons[0]).toBe(
    "Fast and accurate on a GPU (2.01 % word errors, 8 times the speed of Whisper's large model).",
  );
  expect(reasons[1]).toContain("as fast as Whisper's large model");
  for (const reason of reasons) expect(reason).toMatch(/ % word errors/);
});
