import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type HeardEvent, hearSounds, type VoicedTranscript } from '../../../daemon/src/engine/hear-sounds.ts';
import type { Segment, TranscribeEvent, Transcript } from '../../../daemon/src/whisper/transcript.ts';
import type { TranscriptWarning } from '../../../daemon/src/whisper/transcript-warning.ts';

interface Window {
  readonly until: number;
  readonly segments: readonly (readonly [start: number, end: number, text: string])[];
}

interface Script {
  readonly windows: readonly Window[];
  readonly seconds: number;
  readonly language?: string;
  readonly warnings?: readonly TranscriptWarning[];
}

function segment(id: number, [startSeconds, endSeconds, text]: readonly [number, number, string]): Segment {
  const numbers = { seek: 0, temperature: 0, avgLogprob: 0, compressionRatio: 1, noSpeechProb: 0 };
  return { id, startSeconds, endSeconds, text, tokens: [], ...numbers };
}

async function* played({
  windows,
  seconds,
  language = 'en',
  warnings = [],
}: Script): AsyncGenerator<TranscribeEvent, Transcript> {
  const segments: Segment[] = [];
  if (windows.length > 0) yield { type: 'language-detected', language, probability: 0.9 };
  for (const { until, segments: own } of windows) {
    const numbered = own.map((each, index) => segment(segments.length + index, each));
    segments.push(...numbered);
    yield { type: 'segments-decoded', segments: numbered, processedSeconds: until };
  }
  const text = segments.map((each) => each.text).join('');
  return { text, language, languageProbabilities: null, durationSeconds: seconds, segments, warnings };
}

async function hear(
  scripts: Readonly<Record<string, Script>>,
): Promise<{ events: HeardEvent[]; result: VoicedTranscript }> {
  const sounds = Object.entries(scripts).map(([speaker, script], index) => ({
    voice: { speaker, channel: index + 1 },
    steps: played(script),
  }));
  const events: HeardEvent[] = [];
  const heard = hearSounds(sounds);
  for (;;) {
    const { done, value } = await heard.next();
    if (done === true) return { events, result: value };
    events.push(value);
  }
}

const call = {
  caller: {
    seconds: 60,
    language: 'de',
    windows: [
      {
        until: 30,
        segments: [
          [0, 2, ' Hello?'],
          [10, 14, ' I call about …'],
        ],
      },
      { until: 60, segments: [[31, 33, ' Yes.']] },
    ],
  },
  agent: {
    seconds: 50,
    windows: [
      {
        until: 50,
        segments: [
          [2.5, 9, ' Good morning.'],
          [13, 30, ' One moment.'],
          [33, 49, ' Thanks.'],
        ],
      },
    ],
  },
} as const satisfies Record<string, Script>;

test('what two say is told in the order in which it begins, where they speak at once too', async () => {
  const { events, result } = await hear(call);
  expect(result.segments.map(({ id, startSeconds, voice }) => [id, startSeconds, voice?.speaker])).toEqual([
    [0, 0, 'caller'],
    [1, 2.5, 'agent'],
    [2, 10, 'caller'],
    [3, 13, 'agent'],
    [4, 31, 'caller'],
    [5, 33, 'agent'],
  ]);
  expect(result.text).toBe(' Hello? Good morning. I call about … One moment. Yes. Thanks.');
  expect(result.durationSeconds).toBe(60);
  expect(result.language).toBe('en');
  expect(result.segments.map(({ language }) => language)).toEqual(['de', 'en', 'de', 'en', 'de', 'en']);
  expect(events.filter(({ type }) => type === 'language-detected')).toHaveLength(1);
});

test('of two, no event goes further than the one that is behind', async () => {
  const { events } = await hear(call);
  const told = events.flatMap((event) => (event.type === 'segments-decoded' ? [event] : []));
  expect(told.map(({ processedSeconds, segments }) => [processedSeconds, segments.length])).toEqual([
    [30, 4],
    [50, 2],
    [60, 0],
  ]);
});

test('one who says nothing is no news, unless nobody says anything', async () => {
  const noSpeech: TranscriptWarning = { code: 'no-speech', message: 'No speech was found.' };
  const silent: Script = { seconds: 60, windows: [], warnings: [noSpeech] };
  const missed: TranscriptWarning = { code: 'speech-without-text', message: 'No text was found.' };
  const speaks = { ...call.caller, warnings: [missed] };
  expect((await hear({ caller: speaks, agent: silent })).result.warnings).toEqual([
    { code: 'speech-without-text', message: 'caller: No text was found.' },
  ]);
  expect((await hear({ caller: silent, agent: silent })).result.warnings).toEqual([noSpeech]);
  expect((await hear({ caller: speaks, agent: speaks })).result.warnings).toEqual([missed]);
});

test('the first failure ends all, and lets go of what the others hold', async () => {
  let isReleased = false;
  async function* held(): AsyncGenerator<TranscribeEvent, Transcript> {
    try {
      yield* played(call.caller);
      throw new Error('never ends');
    } finally {
      isReleased = true;
    }
  }
  async function* fails(): AsyncGenerator<TranscribeEvent, Transcript> {
    yield { type: 'language-detected', language: 'en', probability: 1 };
    throw new Error('broken');
  }
  const heard = hearSounds([
    { voice: { speaker: 'a' }, steps: held() },
    { voice: { speaker: 'b' }, steps: fails() },
  ]);
  await expect(heard.next().then(() => heard.next())).rejects.toThrow('broken');
  expect(isReleased).toBe(true);
});

/** Windows of a sound whose segments begin in them, in order. */
const scripts = fc
  .array(
    fc.array(fc.tuple(fc.integer({ min: 1, max: 30 }), fc.array(fc.integer({ min: 0, max: 99 }), { maxLength: 4 })), {
      maxLength: 6,
    }),
    {
      minLength: 2,
      maxLength: 4,
    },
  )
  .map((sounds) =>
    sounds.map((lengths): Script => {
      let from = 0;
      const windows = lengths.map(([length, places]): Window => {
        const starts = places.toSorted((a, b) => a - b).map((place) => from + (length * place) / 100);
        from += length;
        return { until: from, segments: starts.map((start) => [start, start + 40, ` ${start}`]) };
      });
      return { windows, seconds: from };
    }),
  );

test('whatever the windows: nothing is lost, all is in order, and the same in events and result', async () => {
  await fc.assert(
    fc.asyncProperty(scripts, async (sounds) => {
      const { events, result } = await hear(Object.fromEntries(sounds.map((script, index) => [`s${index}`, script])));
      const told = events.flatMap((event) => (event.type === 'segments-decoded' ? [event] : []));
      expect(told.flatMap(({ segments }) => segments)).toEqual(result.segments);
      expect(result.segments.map(({ id }) => id)).toEqual(result.segments.map((_, index) => index));
      const starts = result.segments.map(({ startSeconds }) => startSeconds);
      expect(starts).toEqual(starts.toSorted((a, b) => a - b));
      const processed = told.map(({ processedSeconds }) => processedSeconds);
      expect(processed).toEqual(processed.toSorted((a, b) => a - b));
      for (const [index, { windows }] of sounds.entries()) {
        const own = result.segments.filter(({ voice }) => voice?.speaker === `s${index}`);
        expect(own.map(({ text }) => text)).toEqual(
          windows.flatMap(({ segments }) => segments.map(([, , text]) => text)),
        );
      }
    }),
    { numRuns: 200 },
  );
});
