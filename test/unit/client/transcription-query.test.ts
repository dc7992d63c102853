import { expect, test } from '@jest/globals';
import { transcriptionQuery } from '../../../daemon/src/client/transcription-query.ts';

test('options become a query, lists with one value each', () => {
  expect(transcriptionQuery({})).toBe('');
  expect(transcriptionQuery({ temperature: [0, 0.5], name: 'a b' })).toBe('?temperature=0&temperature=0.5&name=a+b');
});

test.each(['initialPrompt', 'hotwords'])('more text in %s than a request takes is refused, by its name', (name) => {
  const options = { language: 'de', [name]: '話'.repeat(1800) };
  expect(() => transcriptionQuery(options)).toThrow(
    expect.objectContaining({ code: 'OPTION_INVALID', message: `The text of ${name} is too long for a request.` }),
  );
});
