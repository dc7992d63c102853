import { expect, test } from '@jest/globals';
import { continueDraft } from '../../../../daemon/src/whisper/live/continue-draft.ts';

test.each<[string, readonly number[], readonly number[], readonly number[]]>([
  [
    'goes on where the other heard more',
    [900, 1, 2, 3, 4, 950],
    [910, 7, 2, 3, 4, 5, 6, 960],
    [900, 1, 2, 3, 4, 5, 6, 960],
  ],
  ['leaves out an end that the other says otherwise', [1, 2, 3, 9], [2, 2, 3, 1, 2, 3, 4], [1, 2, 3, 4]],
  ['of words that are said twice goes on behind the last', [1, 2, 3], [1, 2, 3, 1, 2, 3, 4], [1, 2, 3, 4]],
  ['is the other where they share nothing', [1, 2, 3], [4, 1, 2, 5], [4, 1, 2, 5]],
  ['is the other where there is no text before', [], [1, 2], [1, 2]],
])('a draft %s', (_, tokens, later, expected) => {
  expect(continueDraft(tokens, later)).toEqual(expected);
});
