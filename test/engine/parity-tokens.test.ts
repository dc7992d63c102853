import type { NativeModel } from '@hearth/native';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { compressedLength } from '../../daemon/src/engine/compressed-length.ts';
import type { TranscriptionOptions } from '../../daemon/src/options/transcription-options.ts';
import { decodeWindow } from '../../daemon/src/whisper/decoding/decode-window.ts';
import { createTokenizer } from '../../daemon/src/whisper/tokenizer/tokenizer.ts';
import type { Segment } from '../../daemon/src/whisper/transcript.ts';
import { encodeWindows, loadEmbeddedModel, multilingual } from './support/embedded-model.ts';
import { readableRecordings } from './support/recordings.ts';
import { type ReferenceRun, type ReferenceSegment, referenceAnswers } from './support/reference-answers.ts';
import { transcribeRecording } from './support/transcribe-recording.ts';

const runs: readonly { readonly run: ReferenceRun; readonly options: TranscriptionOptions }[] = [
  { run: 'greedyWithoutWords', options: {} },
  { run: 'greedy', options: { wordTimestamps: true } },
  { run: 'noCarry', options: { conditionOnPreviousText: false } },
  { run: 'prompted', options: { initialPrompt: 'Glossary: Hearth, MLX, Raycast, Kubernetes.' } },
  { run: 'translate', options: { task: 'translate' } },
];

/**
 * Where the reference, computed on a GPU, differs from openai/whisper on a CPU, and what the latter says instead; each
 * was run with test/fixtures/oracle/dequantized_model.py.
 */
const answersOnCpu: readonly {
  readonly file: string;
  readonly run: ReferenceRun;
  readonly segment: number;
  readonly tokens: readonly number[];
  readonly reason: string;
}[] = [
  {
    file: 'whisperkit_VADAudio.flac',
    run: 'greedy',
    segment: 1,
    tokens: [],
    reason:
      'all 223 tokens of the last window lie in one position of 20 ms; their end falls on their start, or 20 ms on',
  },
];

const sameSamples = readableRecordings.filter((recording) => recording.sameSamples);
let model: NativeModel;

beforeAll(async () => {
  model = await loadEmbeddedModel();
});

afterAll(() => model.close());

describe.each(runs)('in the run $run', ({ run, options }) => {
  const clips = sameSamples.flatMap(({ file }) => {
    const answers = referenceAnswers[file];
    const transcript = answers?.[run];
    return transcript ? [{ file, language: answers.language, segments: transcript.segments }] : [];
  });

  test('there is something to compare', () => {
    expect(clips.length).toBeGreaterThan(0);
  });

  test.each(clips)('$file gives the tokens of openai/whisper', async ({ file, language, segments }) => {
    const transcript = await transcribeRecording({
      model,
      vocabulary: multilingual,
      file,
      options: { language, temperature: [0], ...options },
      alignmentHeads: headsOfLastHalf(model),
    });
    expect(transcript.segments.map(comparable)).toEqual(asOnCpu(file, run, segments).map(comparable));
    for (const [i, { avgLogprob, noSpeechProb }] of transcript.segments.entries()) {
      expect(avgLogprob).toBeCloseTo(segments[i]?.avgLogprob as number, 3);
      expect(noSpeechProb).toBeCloseTo(segments[i]?.noSpeechProb as number, 3);
    }
  });
});

describe('without timestamps', () => {
  const clips = sameSamples.flatMap(({ file }) => {
    const answers = referenceAnswers[file];
    const window = answers?.withoutTimestampsFirstWindow;
    return window ? [{ file, language: answers.language, window }] : [];
  });

  test.each(clips)('the first window of $file gives the tokens of openai/whisper', async (each) => {
    const encoding = await encodeWindows(model, [{ file: each.file, frameCount: 3000 }]);
    const result = await decodeWindow({
      model,
      tokenizer: createTokenizer(multilingual, { language: each.language, task: 'transcribe' }),
      encoding,
      window: 0,
      options: { withoutTimestamps: true },
      previousTokens: [],
      temperature: 0,
      seed: 0,
      compressedLength,
    });
    encoding.close();
    expect(result.tokens).toEqual(each.window.tokens);
    expect(result.avgLogprob).toBeCloseTo(each.window.avgLogprob, 3);
    expect(result.noSpeechProb).toBeCloseTo(each.window.noSpeechProb, 3);
  });
});

/** The reference's word times come from all heads of the decoder's last half. */
function headsOfLastHalf({ dimensions }: NativeModel): [number, number][] {
  const { textLayers, textHeads } = dimensions;
  return Array.from({ length: (textLayers / 2) * textHeads }, (_, i) => [
    textLayers / 2 + Math.floor(i / textHeads),
    i % textHeads,
  ]);
}

function asOnCpu(file: string, run: ReferenceRun, segments: readonly ReferenceSegment[]): ReferenceSegment[] {
  return segments.map((segment, i) => {
    const known = answersOnCpu.find((each) => each.file === file && each.run === run && each.segment === i);
    return known === undefined ? segment : { ...segment, tokens: known.tokens };
  });
}

function comparable({ seek, tokens }: Pick<Segment | ReferenceSegment, 'seek' | 'tokens'>) {
  return { seek, tokens };
}
