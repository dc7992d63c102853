import { expect, test } from '@jest/globals';
import { createHeardDraft, toHeardSegment } from '../../../../daemon/src/whisper/live/heard-draft.ts';

const timestampBegin = 1000;
const endOfText = 500;

function heardAt(startSeconds: number, segments: readonly (readonly [from: number, to: number, token: number])[]) {
  return segments.map(([from, to, token]) =>
    toHeardSegment(
      { startSeconds: from, endSeconds: to, tokens: [timestampBegin, token, timestampBegin + 7] },
      { startSeconds, endOfText },
    ),
  );
}

test('a draft of a part that begins elsewhere has its own times', () => {
  const draft = createHeardDraft({ timestampBegin });
  draft.take(
    { startSeconds: 10, endSeconds: 14 },
    heardAt(10, [
      [0, 2, 11],
      [2, 4, 12],
    ]),
  );
  expect(draft.from(10)).toEqual([1000, 11, 1100, 1100, 12, 1200]);
  expect(draft.from(11.8)).toEqual([1010, 12, 1110]);
});

test('what is heard again takes the place of what was heard there, and of nothing else', () => {
  const draft = createHeardDraft({ timestampBegin });
  draft.take(
    { startSeconds: 0, endSeconds: 6 },
    heardAt(0, [
      [0, 2, 11],
      [2, 4, 12],
      [4, 6, 13],
    ]),
  );
  draft.take({ startSeconds: 2, endSeconds: 4 }, heardAt(2, [[0, 2, 22]]));
  expect(draft.from(0).filter((token) => token < endOfText)).toEqual([11, 22, 13]);
});

test('what is committed is no draft any more', () => {
  const draft = createHeardDraft({ timestampBegin });
  draft.take(
    { startSeconds: 0, endSeconds: 4 },
    heardAt(0, [
      [0, 2, 11],
      [2, 4, 12],
    ]),
  );
  draft.forget(2);
  expect(draft.from(0)).toEqual([1100, 12, 1200]);
});
