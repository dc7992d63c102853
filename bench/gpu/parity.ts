import { compilations } from '@hearth/native/testing';
import { resolveOptions } from '../../daemon/src/protocol/options/resolve-options.ts';
import type { TranscriptionOptions } from '../../daemon/src/protocol/options/transcription-options.ts';
import { logitFilters } from '../../daemon/src/whisper/decoding/logit-filters.ts';
import { createTokenizer } from '../../daemon/src/whisper/tokenizer/tokenizer.ts';
import { askOtherwise } from '../../test/engine/support/ask-otherwise.ts';
import { loadEmbeddedModel, multilingual, native } from '../../test/engine/support/embedded-model.ts';
import { createParityFigures } from '../../test/engine/support/parity-figures.ts';
import { readableRecordings } from '../../test/engine/support/recordings.ts';
import { type ReferenceRun, referenceAnswers } from '../../test/engine/support/reference-answers.ts';
import { transcribeRecording } from '../../test/engine/support/transcribe-recording.ts';
import { countWordErrors } from '../../test/engine/support/word-errors.ts';

/**
 * Holds the whole engine on a GPU against openai/whisper on the fixtures: tokens in float32, words and times as shipped.
 * Prints figures; MLX_ENABLE_TF32=0 belongs to it.
 *
 *     node --disable-warning=ExperimentalWarning bench/gpu/parity.ts
 */
const runs: readonly [ReferenceRun, TranscriptionOptions][] = [
  ['greedyWithoutWords', {}],
  ['greedy', { wordTimestamps: true }],
  ['beam5', { beamSize: 5 }],
  ['prompted', { initialPrompt: 'Glossary: Hearth, MLX, Raycast, Kubernetes.' }],
  ['translate', { task: 'translate' }],
];

for (const float32 of [true, false]) {
  const model = await loadEmbeddedModel({ float32 });
  console.log(`${model.device}, ${model.operations}, ${float32 ? 'float32' : 'as shipped'}`);
  const { textLayers, textHeads } = model.dimensions;
  const alignmentHeads = Array.from({ length: (textLayers / 2) * textHeads }, (_, i): [number, number] => [
    textLayers / 2 + Math.floor(i / textHeads),
    i % textHeads,
  ]);
  for (const [run, options] of runs) {
    const figures = createParityFigures();
    for (const { file, sameSamples } of readableRecordings) {
      const answers = referenceAnswers[file];
      const theirs = answers?.[run];
      if (!sameSamples || theirs === undefined) continue;
      const { segments } = await transcribeRecording({
        model,
        vocabulary: multilingual,
        file,
        wrap: (each) => askOtherwise(each, { alignmentHeads }),
        options: { language: answers?.language ?? 'en', temperature: [0], sequential: true, vad: false, ...options },
      });
      figures.add(segments, theirs.segments);
    }
    console.log(`${run}: ${figures.describe()}`);
  }
  await model.close();
}

const model = await loadEmbeddedModel();
await model.warmUp({
  ...{ batchSize: 12, endOfText: multilingual.special.endOfText },
  filters: logitFilters(createTokenizer(multilingual, { language: 'en', task: 'transcribe' }), resolveOptions({})),
});
const compiledBefore = compilations();
for (const { file, seconds, text, language } of readableRecordings) {
  if (!text || (seconds ?? 0) < 60) continue;
  for (const batchSize of [1, 12, 12]) {
    const startedMs = performance.now();
    const { text: written } = await transcribeRecording({
      ...{ model, vocabulary: multilingual, file, batchSize },
      voiceActivity: await native.loadVoiceActivity({
        path: new URL('../../assets/vad/silero_vad_16k.safetensors', import.meta.url).pathname,
      }),
      options: { language: language ?? 'en' },
    });
    const { errors, words } = countWordErrors({ said: text, written, language: language ?? 'en' });
    const elapsedSeconds = (performance.now() - startedMs) / 1000;
    console.log(`${file}, batches of ${batchSize}: ${errors} of ${words} words wrong, ${elapsedSeconds.toFixed(2)} s`);
  }
}
console.log(`compiled: ${compiledBefore} pieces by the end of the warm-up, ${compilations()} in the end`);
await model.close();
