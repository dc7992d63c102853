import { expect, test } from '@jest/globals';
import { createLivePolicy, type LivePolicy, type LiveStep } from '../../../../daemon/src/whisper/live/live-policy.ts';
import { createLiveSpeech, type LiveSpeech } from '../../../../daemon/src/whisper/live/live-speech.ts';

const secondsPerChunk = 512 / 16_000;
const totalSeconds = 60;

interface Speaker {
  readonly policy: LivePolicy;
  readonly speech: LiveSpeech;
  /** When it asks its policy next. */
  nextAt: number;
  soundSeconds: number;
  /** What it waits for. */
  step: LiveStep | null;
}

/** Sentences of four seconds with half a second between them, begun a little later by each. */
function isSpoken(seconds: number, speaker: number): boolean {
  const at = seconds - 0.32 - 0.7 * speaker;
  return at >= 0 && at % 4.512 < 4;
}

/**
 * Sessions in real time, on a clock of the test's, that share a machine which does one thing after the other. A look costs
 * a second for each 30 s that it hears, and no less than `lookSeconds`; a part that is heard as a file the double.
 */
function share(count: number, lookSeconds: number) {
  const speakers = Array.from({ length: count }, (): Speaker => {
    const speech = createLiveSpeech({ threshold: 0.5, fromSeconds: 0 });
    const times = { silenceSeconds: 2, paddingSeconds: 0.4, minSpeechSeconds: 0.25, fromSeconds: 0 };
    return {
      policy: createLivePolicy({ detection: 'voice', ...times, isSpeaking: false }),
      ...{ speech, nextAt: 0, soundSeconds: 0, step: null },
    };
  });
  const looks: { readonly speaker: number; readonly ageSeconds: number; readonly costSeconds: number }[] = [];
  let freeAt = 0;
  for (;;) {
    const index = speakers.reduce((first, each, i) => (each.nextAt < (speakers[first]?.nextAt ?? 0) ? i : first), 0);
    const speaker = speakers[index] as Speaker;
    const now = speaker.nextAt;
    if (now >= totalSeconds) break;
    answer(speaker, index);
    while (speaker.soundSeconds + secondsPerChunk <= now) {
      speaker.speech.add([isSpoken(speaker.soundSeconds + secondsPerChunk / 2, index) ? 0.9 : 0.01]);
      speaker.soundSeconds += secondsPerChunk;
    }
    const { policy, speech, soundSeconds } = speaker;
    const step = policy.next({ speech, soundSeconds, marks: [], isEnded: false });
    const costSeconds = costOf(step);
    if (costSeconds > 0) freeAt = Math.max(freeAt, now) + costSeconds;
    if (step.type === 'look' || step.type === 'preview') {
      looks.push({ speaker: index, ageSeconds: freeAt - step.part.endSeconds, costSeconds });
    }
    speaker.step = step;
    speaker.nextAt = costSeconds > 0 ? freeAt : now + 0.05;
  }
  return looks;

  function costOf(step: LiveStep): number {
    if (!('part' in step) || step.part === null) return 0;
    const seconds = Math.max(lookSeconds, (step.part.endSeconds - step.part.startSeconds) / 30);
    return step.type === 'look' ? seconds : 2 * seconds;
  }

  function answer({ policy, speech, step }: Speaker, index: number): void {
    const heard = (part: { readonly startSeconds: number; readonly endSeconds: number }) => {
      const first = Math.floor(Math.max(0, part.startSeconds - 0.32) / 4.512);
      const count = Math.max(0, Math.ceil((part.endSeconds - 0.32 - 0.7 * index) / 4.512) - first);
      const segments = Array.from({ length: count }, (_, i) => ({
        text: ` Sentence ${first + i}.`,
        endSeconds: Math.min(part.endSeconds, 0.32 + 0.7 * index + (first + i) * 4.512 + 4),
      }));
      return { text: segments.map(({ text }) => text).join(''), segments };
    };
    if (step?.type === 'look') policy.looked(heard(step.part), speech);
    if (step?.type === 'preview') policy.previewed(heard(step.part).text);
    if (step?.type === 'cut') policy.wasCut(heard(step.part).text);
    speech.forget(policy.neededFromSeconds());
  }
}

/** Seconds of the machine's time that looks took, and how old what they heard was when their text was there. */
function describeLooks(looks: ReturnType<typeof share>, count: number) {
  const ages = looks.map(({ ageSeconds }) => ageSeconds).sort((a, b) => a - b);
  return {
    share: looks.reduce((sum, { costSeconds }) => sum + costSeconds, 0) / totalSeconds,
    medianAgeSeconds: ages[Math.floor(ages.length / 2)] ?? Number.NaN,
    counts: Array.from({ length: count }, (_, speaker) => looks.filter((look) => look.speaker === speaker).length),
  };
}

test('looks take half of the time at most, however slow the machine is', () => {
  const described = describeLooks(share(1, 1), 1);
  expect(described.share).toBeLessThan(0.55);
  expect(described.medianAgeSeconds).toBeLessThan(1.1);
});

test('four sessions on a machine for one look less, all as much, and show what was said a second ago', () => {
  const { medianAgeSeconds, counts } = describeLooks(share(4, 0.3), 4);
  // Without a pace it was two seconds.
  expect(medianAgeSeconds).toBeLessThan(1.4);
  expect(Math.max(...counts)).toBeLessThan(1.5 * Math.min(...counts));
});
