import { expect, test } from '@jest/globals';
import { requireRepository } from '../../../../daemon/src/cli/usage/require-repository.ts';

test('a repository is taken as it is', () => {
  expect(requireRepository('mlx-community/whisper-small-mlx-4bit')).toBe('mlx-community/whisper-small-mlx-4bit');
});

test.each([
  ['tiny', 'mlx-community/whisper-tiny-mlx'],
  ['turbo', 'mlx-community/whisper-large-v3-turbo-asr-4bit'],
  ['whisper-large-v3', 'mlx-community/whisper-large-v3-mlx-4bit'],
  ['https://huggingface.co/openai/whisper-small/tree/main', 'openai/whisper-small'],
])('%s is refused with the repository that was likely meant', (given, meant) => {
  expect(() => requireRepository(given)).toThrow(`Expected owner/name, got "${given}". Did you mean ${meant}?`);
});

test('what is like no model gets no suggestion', () => {
  expect(() => requireRepository('../etc/passwd')).toThrow(/^Expected owner\/name, got "\.\.\/etc\/passwd"\.$/);
});
