import { expect, test } from '@jest/globals';
import type { Hypothesis } from '../../../../daemon/src/whisper/live/choose-cut.ts';
import { createLookedText } from '../../../../daemon/src/whisper/live/looked-text.ts';
import type { SpeechRange } from '../../../../daemon/src/whisper/voice-activity/speech-ranges.ts';

/** Sentences of three seconds with half a second between them. */
const sentences = [' One is said.', ' Two is said.', ' Three is said.', ' Four is said.'];
const rangeOf = (i: number) => ({ startSeconds: 3.5 * i, endSeconds: 3.5 * i + 3 });

function spokenIn(part: SpeechRange): SpeechRange[] {
  return sentences.map((_, i) => rangeOf(i)).filter((range) => range.endSeconds > part.startSeconds);
}

/** What a look hears that begins somewhere. */
function heard(fromSeconds: number, untilSeconds: number): Hypothesis {
  const segments = sentences
    .map((text, i) => ({ text, ...rangeOf(i) }))
    .filter(({ startSeconds, endSeconds }) => endSeconds > fromSeconds && startSeconds < untilSeconds);
  return { text: segments.map(({ text }) => text).join(''), segments };
}

function look(looked: ReturnType<typeof createLookedText>, untilSeconds: number) {
  return looked.add(heard(looked.fromSeconds(), untilSeconds), { untilSeconds, spokenIn });
}

test('what two looks agree on behind a pause is not heard again, and stays in the text', () => {
  const looked = createLookedText(0);
  expect(look(looked, 7)).toMatchObject({ agreed: 0 });
  expect(looked.fromSeconds()).toBe(0);
  look(looked, 7.2);
  expect(looked.fromSeconds()).toBe(3.25);
  const { hypothesis, agreed } = look(looked, 8.5);
  expect(hypothesis.text).toBe(' One is said. Two is said. Three is said.');
  expect(agreed).toBe(hypothesis.text.length);
});

test('of a part that is not to be trusted nothing new is agreed on, and what was settled stays', () => {
  const looked = createLookedText(0);
  look(looked, 7);
  look(looked, 7.2);
  looked.interrupt();
  expect(look(looked, 8)).toMatchObject({ agreed: ' One is said.'.length });
});

test('a cut leaves what was said behind it, whether looks still hear that or not', () => {
  const looked = createLookedText(0);
  for (const untilSeconds of [7, 7.2, 10.5]) look(looked, untilSeconds);
  expect(looked.fromSeconds()).toBe(6.75);
  expect(looked.cut({ atSeconds: 3.25, text: sentences[0] as string })?.text).toBe(sentences.slice(1, 3).join(''));
  expect(looked.fromSeconds()).toBe(6.75);
  expect(look(looked, 13.5).hypothesis.text).toBe(sentences.slice(1).join(''));
  expect(looked.cut({ atSeconds: 10.25, text: sentences.slice(1, 3).join('') })?.text).toBe(sentences[3]);
  expect(looked.fromSeconds()).toBe(10.25);
});

test('a cut that had to be made leaves nothing that is known', () => {
  const looked = createLookedText(0);
  for (const untilSeconds of [7, 7.2]) look(looked, untilSeconds);
  expect(looked.cut({ atSeconds: 2, text: '' })).toBeNull();
  expect(looked.fromSeconds()).toBe(2);
});

test('a sentence goes on behind a pause as it did where its beginning was heard', () => {
  const looked = createLookedText(0);
  const spoken = () => [
    { startSeconds: 0, endSeconds: 4 },
    { startSeconds: 4.5, endSeconds: 9 },
  ];
  const whole = (end: string): Hypothesis => ({
    text: ` One is said, two is${end}`,
    segments: [
      { text: ' One is said,', endSeconds: 4 },
      { text: ` two is${end}`, endSeconds: 8 },
    ],
  });
  looked.add(whole(' said'), { untilSeconds: 8, spokenIn: spoken });
  looked.add(whole(' said'), { untilSeconds: 8.5, spokenIn: spoken });
  expect(looked.fromSeconds()).toBe(4.25);
  const look = (text: string) =>
    looked.add({ text, segments: [{ text, endSeconds: 9 }] }, { untilSeconds: 9, spokenIn: spoken }).hypothesis.text;
  expect(look(' Two is said, too.')).toBe(' One is said, two is said, too.');
  expect(look(' Three is said.')).toBe(' One is said, Three is said.');
});
