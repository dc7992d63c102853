import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { resolveOptions } from '../../../daemon/src/protocol/options/resolve-options.ts';
import type { TranscriptionOptions } from '../../../daemon/src/protocol/options/transcription-options.ts';
import { createVocabulary } from '../../../daemon/src/whisper/tokenizer/vocabulary.ts';
import { transcribe } from '../../../daemon/src/whisper/transcribe.ts';
import type { Segment, Transcript } from '../../../daemon/src/whisper/transcript.ts';
import { type ReferenceClip, type ReferenceTranscript, referenceClips } from './reference-transcripts.ts';
import { type ReplayedWindow, replayedWindows } from './reference-windows.ts';
import { createScriptedModel, type DecodedRow, silentAudio } from './scripted-model.ts';
import { tokenizerOracle } from './tokenizer/tokenizer-oracle.ts';

const vocabulary = createVocabulary(
  readFileSync(new URL('../../../assets/tokenizer/multilingual.tiktoken', import.meta.url)),
  51865,
);
const oracle = tokenizerOracle.shapes.v2;
const glossary = 'Glossary: Hearth, MLX, Raycast, Kubernetes.';
const glossaryTokens = tokenizerOracle.multilingual[tokenizerOracle.texts.indexOf(` ${glossary}`)] as readonly number[];

/** The runs of the reference that moved through the recording by timestamps alone; word times would need the model. */
const runs: readonly {
  readonly name: 'greedyWithoutWords' | 'prompted' | 'translate' | 'noCarry';
  readonly options: TranscriptionOptions;
}[] = [
  { name: 'greedyWithoutWords', options: {} },
  { name: 'prompted', options: { initialPrompt: glossary } },
  { name: 'translate', options: { task: 'translate' } },
  { name: 'noCarry', options: { conditionOnPreviousText: false } },
];

describe.each(runs)('given the tokens of the reference run $name', ({ name, options }) => {
  const clips = referenceClips.flatMap(([file, clip]) => {
    const transcript = clip[name];
    return transcript === undefined ? [] : [{ file, clip, transcript }];
  });

  test('there is something to replay', () => {
    expect(clips.length).toBeGreaterThan(0);
  });

  test.each(clips)('$file gives the segments of the reference, each window led by its prompt', async (each) => {
    const { transcript, decoded, windows } = await replay(each.clip, each.transcript, options);
    expect(transcript.text).toBe(each.transcript.text);
    expect(transcript.segments.map(comparable)).toEqual(expectedSegments(each.transcript, windows));
    const spoken = decoded.filter((row) => windows.some(({ seek }) => seek === row.startFrame));
    expect(spoken.map((row) => row.startFrame)).toEqual(windows.map(({ seek }) => seek));
    for (const row of decoded) expect(row.prompt).toEqual(expectedPrompt(row, each, options));
  });
});

describe('given the tokens of the reference run withoutTimestampsFirstWindow', () => {
  const clips = referenceClips.flatMap(([file, clip]) => {
    const window = clip.withoutTimestampsFirstWindow;
    return window === undefined ? [] : [{ file, clip, window }];
  });

  test.each(clips)('$file gives one segment for the window', async ({ clip, window }) => {
    const scripted = createScriptedModel({ answer: () => window });
    const steps = start(scripted, clip, { withoutTimestamps: true });
    const { value } = await steps.next();
    await steps.return(undefined as never);
    const { prompt, request } = scripted.decoded[0] as DecodedRow;
    expect(prompt.at(-1)).toBe(oracle.special.noTimestamps);
    expect(request.filters.timestampRules).toBeNull();

    const isSilence = window.noSpeechProb > 0.6 && window.avgLogprob <= -1;
    const [segment, ...others] = (value as { segments: readonly Segment[] }).segments;
    expect(others).toEqual([]);
    if (isSilence) expect(segment).toBeUndefined();
    else {
      expect(segment?.text.trim()).toBe(window.text);
      expect(segment?.tokens).toEqual(window.tokens);
      expect(segment?.endSeconds).toBeCloseTo(Math.min(30, frameCount(clip) / 100), 6);
    }
  });
});

test.each(referenceClips)('%s is in the language that the reference ranks first', async (_, clip) => {
  const { languageProbabilities } = clip;
  const scripted = createScriptedModel({
    answer: () => ({ tokens: [], avgLogprob: -2, noSpeechProb: 1 }),
    languageProbability: (token) => languageProbabilities[languageOf(token)] ?? 0,
  });
  const steps = transcribe({
    ...requestFor(scripted, clip),
    options: resolveOptions({ temperature: [0], vad: false }),
  });
  const { value } = await steps.next();
  await steps.return(undefined as never);
  const [language, probability] = Object.entries(languageProbabilities)[0] as [string, number];
  expect(value).toEqual({ type: 'language-detected', language, probability: Math.fround(probability) });
});

function languageOf(token: number): string {
  return oracle.special.languageCodes[token - oracle.special.startOfTranscript - 1] as string;
}

async function replay(clip: ReferenceClip, transcript: ReferenceTranscript, options: TranscriptionOptions) {
  const windows = replayedWindows(transcript.segments, frameCount(clip));
  const silence = { tokens: [], avgLogprob: -2, noSpeechProb: 1 };
  const scripted = createScriptedModel({
    answer: ({ startFrame }) => windows.find(({ seek }) => seek === startFrame) ?? silence,
  });
  const steps = start(scripted, clip, options);
  let step = await steps.next();
  while (!step.done) step = await steps.next();
  expect(scripted.openHandles()).toBe(0);
  expect(scripted.encodedWindows()).toBe(scripted.decoded.length);
  return { transcript: step.value as Transcript, decoded: scripted.decoded, windows };
}

function start(scripted: ReturnType<typeof createScriptedModel>, clip: ReferenceClip, options: TranscriptionOptions) {
  return transcribe({
    ...requestFor(scripted, clip),
    options: resolveOptions({ language: clip.language, temperature: [0], sequential: true, vad: false, ...options }),
  });
}

function requestFor({ model }: ReturnType<typeof createScriptedModel>, clip: ReferenceClip) {
  return { model, vocabulary, audio: silentAudio(clip.seconds) };
}

function frameCount(clip: ReferenceClip): number {
  return Math.floor(silentAudio(clip.seconds).sampleCount / 160);
}

function comparable(segment: Segment) {
  const { id, seek, startSeconds, endSeconds, text, tokens, temperature } = segment;
  return {
    ...{ id, seek, text, tokens, temperature },
    start: startSeconds.toFixed(2),
    end: endSeconds.toFixed(2),
    avgLogprob: segment.avgLogprob.toFixed(5),
    noSpeechProb: segment.noSpeechProb,
    compressionRatio: segment.compressionRatio.toFixed(5),
  };
}

/** The ratio is the whole window's: after an unfinished segment, whose text is lost, any will do. */
function expectedSegments({ segments }: ReferenceTranscript, windows: readonly ReplayedWindow[]) {
  return segments.map(({ seek, text, tokens, noSpeechProb, ...segment }, id) => ({
    ...{ id, seek, text, tokens, noSpeechProb, temperature: 0 },
    start: segment.start.toFixed(2),
    end: segment.end.toFixed(2),
    avgLogprob: segment.avgLogprob.toFixed(5),
    compressionRatio: windows.find((window) => window.seek === seek)?.isWhole
      ? segment.compressionRatio.toFixed(5)
      : expect.any(String),
  }));
}

/** `all_tokens[prompt_reset_since:]` of transcribe.py as `_get_initial_tokens` of decoding.py places it. */
function expectedPrompt(
  row: DecodedRow,
  { clip, transcript }: { readonly clip: ReferenceClip; readonly transcript: ReferenceTranscript },
  options: TranscriptionOptions,
): number[] {
  const before = transcript.segments.filter(({ seek }) => seek < row.startFrame);
  const initial = options.initialPrompt === undefined ? [] : glossaryTokens;
  const carries = options.conditionOnPreviousText ?? true;
  const previous = [
    ...(carries || before.length === 0 ? initial : []),
    ...(carries ? before.flatMap(({ tokens }) => tokens) : []),
  ].slice(-223);
  const { special } = oracle;
  return [
    ...(previous.length > 0 ? [special.startOfPrevious, ...previous] : []),
    special.startOfTranscript,
    special.startOfTranscript + 1 + special.languageCodes.indexOf(clip.language),
    special[options.task ?? 'transcribe'],
  ];
}
