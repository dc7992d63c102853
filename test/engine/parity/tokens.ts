import type { NativeModel } from '@hearth/native';
import { afterAll, describe, expect, test } from '@jest/globals';
import { resolveOptions } from '../../../daemon/src/protocol/options/resolve-options.ts';
import type { TranscriptionOptions } from '../../../daemon/src/protocol/options/transcription-options.ts';
import { decodeWindow } from '../../../daemon/src/whisper/decoding/decode-window.ts';
import { createTokenizer } from '../../../daemon/src/whisper/tokenizer/tokenizer.ts';
import type { Segment } from '../../../daemon/src/whisper/transcript.ts';
import { askOtherwise } from '../support/ask-otherwise.ts';
import { encodeWindow, multilingual, sessionOf } from '../support/embedded-model.ts';
import { explainDifference } from '../support/explain-difference.ts';
import { createParityFigures, type ParityFigures } from '../support/parity-figures.ts';
import { type ReferenceRun, type ReferenceSegment, referenceAnswers } from '../support/reference-answers.ts';
import { transcribeRecording } from '../support/transcribe-recording.ts';

/** `share` of the recordings must have all tokens of the reference; the tests below ask it of each one that is not known to differ. */
const runs: readonly {
  readonly run: ReferenceRun;
  readonly options: TranscriptionOptions;
  readonly share: number;
}[] = [
  { run: 'greedyWithoutWords', options: {}, share: 0.98 },
  { run: 'greedy', options: { wordTimestamps: true }, share: 0.98 },
  { run: 'beam5', options: { beamSize: 5 }, share: 0.95 },
  { run: 'noCarry', options: { conditionOnPreviousText: false }, share: 0.98 },
  { run: 'prompted', options: { initialPrompt: 'Glossary: Hearth, MLX, Raycast, Kubernetes.' }, share: 0.98 },
  { run: 'translate', options: { task: 'translate' }, share: 0.95 },
  {
    run: 'silenceSkip',
    options: { wordTimestamps: true, hallucinationSilenceThreshold: 1 },
    share: 0.95,
  },
];

/**
 * Where the reference, computed on a GPU, differs from openai/whisper on a CPU, and what the latter says instead; each
 * was run with test/fixtures/oracle/dequantized_model.py.
 */
const answersOnCpu: readonly {
  readonly file: string;
  readonly runs: readonly ReferenceRun[];
  readonly segment: number;
  readonly tokens: readonly number[];
  readonly reason: string;
}[] = [
  {
    file: 'whisperkit_VADAudio.flac',
    runs: ['greedy', 'silenceSkip'],
    segment: 1,
    tokens: [],
    reason:
      'all 223 tokens of the last window lie in one position of 20 ms; their end falls on their start, or 20 ms on',
  },
];

/** What is in the addon's own hands needs the addon's own model. */
interface ParityModels {
  readonly model: () => NativeModel;
  readonly embedded: () => NativeModel;
}

const figures = new Map(runs.map(({ run }) => [run, createParityFigures()]));

/** What is decoded from a recording is the reference's, token by token, in every run that the reference made of it. */
export function testTokens(file: string, { model: modelOf, embedded }: ParityModels): void {
  const answers = referenceAnswers[file];
  if (answers === undefined) return;
  const { language } = answers;
  const clips = runs.flatMap(({ run, options }) => {
    const segments = answers[run]?.segments;
    return segments ? [{ run, options, segments }] : [];
  });

  if (clips.length > 0) {
    test.each(clips)('in the run $run it gives the tokens of openai/whisper', async ({ run, options, segments }) => {
      const model = modelOf();
      const transcript = await transcribeRecording({
        model,
        vocabulary: multilingual,
        file,
        options: { language, temperature: [0], sequential: true, vad: false, ...options },
        wrap: (each) => askOtherwise(each, { alignmentHeads: headsOfLastHalf(model) }),
      });
      const expected = asOnCpu(file, run, segments);
      const ofRun = figuresOf(run);
      ofRun.add(transcript.segments, expected);
      if (!ofRun.lastIsEqual() || expected !== segments) {
        const difference = await explainDifference({
          model: embedded(),
          file,
          language,
          ours: transcript.segments,
          theirs: segments,
        });
        process.stdout.write(`${run}: ${file} on a GPU: ${difference}\n`);
      }
      expect(transcript.segments.map(comparable)).toEqual(expected.map(comparable));
    });
  }

  const window = answers.withoutTimestampsFirstWindow;
  if (window) {
    test('without timestamps the first window gives the tokens of openai/whisper', async () => {
      const model = sessionOf(modelOf());
      const encoding = await encodeWindow(modelOf(), { file, frameCount: 3000 });
      const request = {
        model,
        tokenizer: createTokenizer(multilingual, { language, task: 'transcribe' }),
        encoding,
        options: resolveOptions({ sequential: true, vad: false, withoutTimestamps: true }),
        previousTokens: [],
        seed: 0,
      };
      const result = await decodeWindow(request, { temperature: 0, seed: 0 });
      encoding.close();
      model.close();
      expect(result.tokens).toEqual(window.tokens);
      expect(result.avgLogprob).toBeCloseTo(window.avgLogprob, 3);
      expect(result.noSpeechProb).toBeCloseTo(window.noSpeechProb, 3);
    });
  }
}

/** What all recordings together must keep to; comes after their tests. */
export function testTokenFigures(): void {
  describe.each(runs)('in the run $run', ({ run, share }) => {
    afterAll(() => {
      process.stdout.write(`${run}: ${figuresOf(run).describe()}\n`);
    });

    test('there was something to compare', () => {
      expect(figuresOf(run).compared()).toBeGreaterThan(0);
    });

    test('the figures hold', () => {
      const ofRun = figuresOf(run);
      expect(ofRun.equalShare()).toBeGreaterThanOrEqual(share);
      expect(ofRun.furthestSegmentSeconds()).toBeLessThanOrEqual(0.0201);
      expect(ofRun.shareOfWordsInTime()).toBeGreaterThanOrEqual(0.98);
      expect(ofRun.furthestAvgLogprob()).toBeLessThan(0.01);
      expect(ofRun.furthestNoSpeechProb()).toBeLessThan(0.01);
    });
  });
}

function figuresOf(run: ReferenceRun): ParityFigures {
  return figures.get(run) as ParityFigures;
}

/** The reference's word times come from all heads of the decoder's last half. */
function headsOfLastHalf({ dimensions }: NativeModel): [number, number][] {
  const { textLayers, textHeads } = dimensions;
  return Array.from({ length: (textLayers / 2) * textHeads }, (_, i) => [
    textLayers / 2 + Math.floor(i / textHeads),
    i % textHeads,
  ]);
}

function asOnCpu(file: string, run: ReferenceRun, segments: readonly ReferenceSegment[]): readonly ReferenceSegment[] {
  const known = answersOnCpu.find((each) => each.file === file && each.runs.includes(run));
  if (known === undefined) return segments;
  return segments.map((segment, i) =>
    i === known.segment ? { ...segment, end: segment.start, tokens: known.tokens, words: [] } : segment,
  );
}

function comparable({ seek, tokens }: Pick<Segment | ReferenceSegment, 'seek' | 'tokens'>) {
  return { seek, tokens };
}
