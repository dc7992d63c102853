import { writeFileSync } from 'node:fs';
import { createNative } from '@hearth/native';
import { resolveOptions } from '../../daemon/src/protocol/options/resolve-options.ts';
import { initialTokens } from '../../daemon/src/whisper/decoding/initial-tokens.ts';
import { logitFilters } from '../../daemon/src/whisper/decoding/logit-filters.ts';
import { createTokenizer } from '../../daemon/src/whisper/tokenizer/tokenizer.ts';
import { loadEmbeddedModel, multilingual } from '../../test/engine/support/embedded-model.ts';
import { readableRecordings, recordingPath } from '../../test/engine/support/recordings.ts';
import { buildSafetensorsFile, type Tensor } from '../../test/engine/support/safetensors-file.ts';

/**
 * Writes what native/bench/gpu_bench.cc decodes: the first windows of the fixtures whose samples need no resampling, and
 * the tokens that our CPU primitives give, which test/engine holds against openai/whisper.
 *
 *     node --disable-warning=ExperimentalWarning bench/gpu/make-cases.ts cases.safetensors
 */
const path = process.argv[2];
if (path === undefined) throw new Error('Expected the path to write to, got none.');
const native = createNative();
const model = await loadEmbeddedModel();
const session = model.session({ priority: 'interactive', voiceActivity: null });
const tensors = new Map<string, Tensor>();
let count = 0;
for (const { file, sameSamples, language } of readableRecordings) {
  if (!sameSamples) continue;
  const tokenizer = createTokenizer(multilingual, { language: language ?? 'en', task: 'transcribe' });
  const { tokens: prompt, sotIndex } = initialTokens({
    tokenizer,
    previousTokens: [],
    prefix: '',
    withoutTimestamps: false,
    textContext: model.dimensions.textContext,
  });
  const filters = logitFilters(tokenizer, resolveOptions({}));
  const audio = await native.openAudio({ path: recordingPath(file) });
  const frameCount = Math.min(3000, Math.floor(audio.sampleCount / 160));
  const encoding = await session.encode({ audio, startFrame: 0, frameCount });
  const [result] = await session.decode({
    encoding,
    prompt,
    sotIndex,
    filters,
    maxTokens: 224,
    samples: [{ temperature: 0, seed: 0 }],
    endOfText: tokenizer.special.endOfText,
    noSpeech: tokenizer.special.noSpeech,
  });
  const add = (name: string, values: readonly number[]) => tensors.set(`${name}.${count}`, int32(values));
  add('samples', [...audio.samples(0, audio.sampleCount)]);
  add('prompt', prompt);
  add('suppress', filters.suppress);
  add('suppress_at_begin', filters.suppressAtBegin);
  add('tokens', result?.tokens ?? []);
  tensors.set(`sum_logprob.${count}`, float32([result?.sumLogprob ?? 0]));
  count += 1;
  for (const each of [encoding, audio]) each.close();
}
writeFileSync(path, buildSafetensorsFile(tensors));
console.log(`${count} windows in ${path}`);
await model.close();

function int32(values: readonly number[]): Tensor {
  return { dtype: 'I32', shape: [values.length], bytes: new Uint8Array(Int32Array.from(values).buffer) };
}

function float32(values: readonly number[]): Tensor {
  return { dtype: 'F32', shape: [values.length], bytes: new Uint8Array(Float32Array.from(values).buffer) };
}
