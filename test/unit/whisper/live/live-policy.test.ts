import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Hypothesis } from '../../../../daemon/src/whisper/live/choose-cut.ts';
import { createLivePolicy, type LiveMark, type LiveStep } from '../../../../daemon/src/whisper/live/live-policy.ts';
import { createLiveSpeech } from '../../../../daemon/src/whisper/live/live-speech.ts';
import type { SpeechRange } from '../../../../daemon/src/whisper/voice-activity/speech-ranges.ts';

const secondsPerChunk = 512 / 16_000;

interface Said extends SpeechRange {
  readonly text: string;
}

/** Plays sentences to a policy, so much at a time, and says to it what a perfect model would hear. */
function play(request: {
  readonly said: readonly Said[];
  readonly totalSeconds: number;
  readonly stepSeconds?: number;
  readonly marks?: readonly LiveMark[];
  readonly detection?: 'voice' | 'marks';
}) {
  const { said, totalSeconds, stepSeconds = 0.32, marks = [], detection = 'voice' } = request;
  const speech = createLiveSpeech({ threshold: 0.5, fromSeconds: 0 });
  const policy = createLivePolicy({
    ...{ detection, silenceSeconds: 2, paddingSeconds: 0.4, minSpeechSeconds: 0.25, fromSeconds: 0, isSpeaking: false },
  });
  const heard = (part: SpeechRange): Hypothesis => {
    const whole = said.filter((each) => each.endSeconds > part.startSeconds && each.startSeconds < part.endSeconds);
    const segments = whole.map((each) => ({ text: each.text, endSeconds: Math.min(each.endSeconds, part.endSeconds) }));
    return { text: segments.map(({ text }) => text).join(''), segments };
  };
  const steps: { readonly step: LiveStep; readonly atSeconds: number }[] = [];
  const committed: SpeechRange[] = [];
  let longestKept = 0;
  let soundSeconds = 0;
  for (;;) {
    const isEnded = soundSeconds >= totalSeconds;
    const step = policy.next({ speech, soundSeconds, marks, isEnded });
    if (step.type === 'end') break;
    if (step.type === 'wait') {
      const chunks = Math.round(stepSeconds / secondsPerChunk);
      speech.add(
        Array.from({ length: chunks }, (_, i) => {
          const middle = soundSeconds + (i + 0.5) * secondsPerChunk;
          return said.some((each) => middle >= each.startSeconds && middle < each.endSeconds) ? 0.9 : 0.01;
        }),
      );
      soundSeconds = Math.min(totalSeconds, soundSeconds + chunks * secondsPerChunk);
    } else steps.push({ step, atSeconds: soundSeconds });
    if (step.type === 'look') policy.looked(heard(step.part), speech);
    if (step.type === 'preview') policy.previewed(heard(step.part).text);
    if (step.type === 'cut' && policy.wasCut(heard(step.part).text).isCommitted) committed.push(step.part);
    if (step.type === 'finish' && step.part !== null) committed.push(step.part);
    longestKept = Math.max(longestKept, soundSeconds - policy.neededFromSeconds());
    speech.forget(policy.neededFromSeconds());
  }
  return { steps, committed, longestKept };
}

/** Sentences of four seconds with half a second between them. */
function sentences(count: number, pauseSeconds = 0.512): Said[] {
  return Array.from({ length: count }, (_, i) => {
    const startSeconds = 0.32 + i * (4 + pauseSeconds);
    return { startSeconds, endSeconds: startSeconds + 4, text: ` Sentence number ${i}.` };
  });
}

test('a recording of less than a window ends as one part, with the silence around it', () => {
  const { committed, steps } = play({ said: sentences(3), totalSeconds: 14.4 });
  expect(committed).toEqual([{ startSeconds: 0, endSeconds: 14.4 }]);
  expect(steps.map(({ step }) => step.type)).toContain('look');
});

test('a long silence ends an utterance, and what was heard in it is not heard again', () => {
  const { steps } = play({ said: sentences(2, 3.2), totalSeconds: 16 });
  const parts = steps.flatMap(({ step }) => (step.type === 'preview' ? [step.part] : []));
  const [first] = steps.filter(({ step }) => step.type === 'finish');
  expect(first?.step).toMatchObject({ part: parts[0], speechEndSeconds: expect.closeTo(4.32, 1) });
});

test('what is prepared in a pause is of use at the end of the sound once something is committed', () => {
  const { steps } = play({ said: sentences(2, 3.2), totalSeconds: 16 });
  expect(steps.flatMap(({ step }) => (step.type === 'preview' ? [step.isForItsEnd] : []))).toEqual([false, true]);
});

test('silence, and sounds shorter than speech, give nothing to hear', () => {
  const clicks = Array.from({ length: 20 }, (_, i) => ({ startSeconds: i, endSeconds: i + 0.1, text: '' }));
  expect(play({ said: [], totalSeconds: 60 }).steps).toEqual([]);
  expect(play({ said: clicks, totalSeconds: 20 }).steps).toEqual([]);
});

test('long speech is cut in pauses before the window is full', () => {
  const said = sentences(30);
  const { committed } = play({ said, totalSeconds: 138 });
  expect(committed.length).toBeGreaterThan(4);
  for (const { startSeconds, endSeconds } of committed) {
    expect(endSeconds - startSeconds).toBeLessThanOrEqual(30);
    const isInside = said.some((each) => endSeconds > each.startSeconds + 0.1 && endSeconds < each.endSeconds - 0.1);
    expect(isInside).toBe(false);
  }
});

test('speech without any pause is cut as well', () => {
  const said = [{ startSeconds: 1, endSeconds: 200, text: ' on and on' }];
  const { committed, longestKept } = play({ said, totalSeconds: 202 });
  expect(Math.max(...committed.map(({ startSeconds, endSeconds }) => endSeconds - startSeconds))).toBeLessThan(30);
  expect(longestKept).toBeLessThan(32);
});

test('an hour costs a minute what its first minutes cost, and keeps no more sound', () => {
  const said = sentences(780);
  const { steps, longestKept } = play({ said, totalSeconds: 3600, stepSeconds: 1.28 });
  const costOf = (from: number, to: number) => {
    const within = steps.filter(({ atSeconds }) => atSeconds >= from && atSeconds < to);
    const parts = within.flatMap(({ step }) => ('part' in step && step.part !== null ? [step.part] : []));
    return parts.reduce((sum, { startSeconds, endSeconds }) => sum + endSeconds - startSeconds, 0);
  };
  expect(costOf(3000, 3600)).toBeLessThanOrEqual(1.1 * costOf(0, 600));
  expect(longestKept).toBeLessThan(32);
});

test('whatever is said and however it comes, parts follow each other and leave no speech out', () => {
  const lengths = fc.array(
    fc.record({
      speech: fc.double({ min: 0.3, max: 40, noNaN: true }),
      pause: fc.double({ min: 0.2, max: 6, noNaN: true }),
    }),
    { minLength: 1, maxLength: 12 },
  );
  const stepSeconds = fc.constantFrom(0.32, 2.016, 45);
  fc.assert(
    fc.property(lengths, stepSeconds, (pieces, step) => {
      let place = 0.5;
      const said = pieces.map(({ speech, pause }, i) => {
        const startSeconds = Math.round(place / secondsPerChunk) * secondsPerChunk;
        const endSeconds = startSeconds + Math.ceil(speech / secondsPerChunk) * secondsPerChunk;
        place = endSeconds + pause;
        return { startSeconds, endSeconds, text: ` Piece ${i}.` };
      });
      const { committed } = play({ said, totalSeconds: place + 0.7, stepSeconds: step });
      for (const [i, { startSeconds, endSeconds }] of committed.entries()) {
        expect(endSeconds).toBeGreaterThan(startSeconds);
        expect(endSeconds - startSeconds).toBeLessThanOrEqual(30);
        expect(startSeconds).toBeGreaterThanOrEqual((committed[i - 1]?.endSeconds ?? 0) - 1e-6);
      }
      for (const { startSeconds, endSeconds } of said) {
        for (let at = startSeconds + 0.1; at < endSeconds - 0.1; at += 0.1) {
          expect(committed.some((part) => at >= part.startSeconds && at <= part.endSeconds)).toBe(true);
        }
      }
    }),
    { numRuns: 25 },
  );
});

test('a client that marks the ends itself gets a part for each mark, and none for what it clears', () => {
  const marks: LiveMark[] = [
    { type: 'commit', atSeconds: 4.8 },
    { type: 'clear', atSeconds: 9.6 },
    { type: 'commit', atSeconds: 14.4 },
  ];
  const { steps, committed } = play({ said: sentences(3), totalSeconds: 16, marks, detection: 'marks' });
  expect(committed).toEqual([
    { startSeconds: 0, endSeconds: expect.closeTo(4.8, 3) },
    { startSeconds: expect.closeTo(9.6, 3), endSeconds: expect.closeTo(14.4, 3) },
    { startSeconds: expect.closeTo(14.4, 3), endSeconds: 16 },
  ]);
  expect(steps.map(({ step }) => step.type)).toEqual(['finish', 'drop', 'finish', 'finish']);
});

test('a mark ends an utterance before its silence does', () => {
  const { steps } = play({ said: sentences(1), totalSeconds: 10, marks: [{ type: 'commit', atSeconds: 4.8 }] });
  const finished = steps.filter(({ step }) => step.type === 'finish');
  expect(finished).toHaveLength(1);
  expect(finished[0]?.atSeconds).toBeLessThan(5.2);
});

test.each(['marks', 'voice'] as const)(
  'a session that is taken up again, by %s, answers no mark twice',
  (detection) => {
    const resumed = { fromSeconds: 10, isSpeaking: false };
    const times = { silenceSeconds: 2, paddingSeconds: 0.4, minSpeechSeconds: 0.25 };
    const policy = createLivePolicy({ detection, ...times, ...resumed });
    const speech = createLiveSpeech({ threshold: 0.5, fromSeconds: 8 });
    speech.add(Array.from({ length: Math.floor(4 / secondsPerChunk) }, () => 0.01));
    const marks = [5, 10, 11].map((atSeconds): LiveMark => ({ type: 'commit', atSeconds }));
    const next = () => policy.next({ speech, soundSeconds: 12, marks, isEnded: true });
    const steps = [next(), next()];
    expect(steps.map(({ type }) => type)).toEqual(['finish', expect.stringMatching(/finish|end/)]);
    expect(policy.partStartSeconds()).toBeGreaterThanOrEqual(10.9);
  },
);
