import { parseArgs } from 'node:util';
import { compilations, loadModelForced } from '@hearth/native/testing';
import { readVocabulary } from '../daemon/src/models/embedded-assets.ts';
import { resolveOptions } from '../daemon/src/protocol/options/resolve-options.ts';
import { logitFilters } from '../daemon/src/whisper/decoding/logit-filters.ts';
import { shortWindowLengths } from '../daemon/src/whisper/short-windows/short-window-frames.ts';
import { createTokenizer } from '../daemon/src/whisper/tokenizer/tokenizer.ts';
import { createVocabulary } from '../daemon/src/whisper/tokenizer/vocabulary.ts';
import { transcribe } from '../daemon/src/whisper/transcribe.ts';
import { pathOf } from '../test/engine/fork-engine.ts';
import { native, sessionOf } from '../test/engine/support/embedded-model.ts';
import { residentMemoryBytes } from './process-memory.ts';

const help = `node bench/many-lengths.ts [options]

Transcribes parts of a reading, each of another length, all of them twice, and prints the engine's memory and what MLX has
compiled. The second round should need no more memory and compile nothing.

  --model <folder>      default: the embedded one
  --operations <which>  cpu or mlx (default: as the product chooses)
  --window <name>       full or short (default: short)
  --lengths <number>    from 0.5 s on, 0.1 s apart (default: 300)
  --batch <number>      windows together that the warm-up covers (default: 1)
`;

const samplesPerSecond = 16_000;
const shortestSeconds = 0.5;
const stepSeconds = 0.1;
const fifths = 5;

const { values } = parseArgs({
  options: {
    help: { type: 'boolean', default: false },
    model: { type: 'string', default: pathOf('assets/models/whisper-base-4bit') },
    operations: { type: 'string', default: 'auto' },
    window: { type: 'string', default: 'short' },
    lengths: { type: 'string', default: '300' },
    batch: { type: 'string', default: '1' },
  },
});

if (values.help) console.log(help);
else await measure();

async function measure(): Promise<void> {
  const model = await loadModelForced({
    folder: values.model,
    operations: values.operations as 'auto' | 'cpu' | 'mlx',
  });
  const { vocabularySize } = model.dimensions;
  const vocabulary = createVocabulary(await readVocabulary(values.model, vocabularySize), vocabularySize);
  const voiceActivity = await native.loadVoiceActivity({ path: pathOf('assets/vad/silero_vad_16k.safetensors') });
  await model.warmUp({
    batchSize: Number(values.batch),
    endOfText: vocabulary.special.endOfText,
    filters: logitFilters(createTokenizer(vocabulary, { language: 'en', task: 'transcribe' }), resolveOptions({})),
    shortWindows: shortWindowLengths,
  });
  const reading = await native.openAudio({ path: pathOf('test/fixtures/audio/LJ001-long.mp3') });
  const window = values.window === 'short' ? 'short' : 'full';
  const options = resolveOptions({ language: 'en', window });
  const warmCompilations = compilations();
  console.log(`${values.model}, ${model.operations}, ${model.device}: ${warmCompilations} pieces compiled when warm`);

  /** The part of each number begins elsewhere. */
  async function transcribePart(number: number): Promise<void> {
    const samples = Math.round((shortestSeconds + number * stepSeconds) * samplesPerSecond);
    const start = (number * 7 * samplesPerSecond) % (reading.sampleCount - samples);
    const growing = native.growAudio({ encoding: 's16', sampleRateHz: samplesPerSecond, channels: 1 });
    growing.append(new Uint8Array(reading.samples(start, samples).buffer));
    growing.finish();
    const audio = growing.recording(0, samples);
    const session = sessionOf(model, voiceActivity);
    try {
      const steps = transcribe({ model: session, vocabulary, audio, options, windowsAtATime: 1 });
      for (let isDone = false; !isDone; ) isDone = (await steps.next()).done === true;
    } finally {
      session.close();
      audio.close();
      growing.close();
    }
  }

  const lengths = Number(values.lengths);
  for (const round of [1, 2]) {
    for (let number = 0; number < lengths; number++) {
      await transcribePart(number);
      if ((number + 1) % Math.ceil(lengths / fifths) !== 0 && number + 1 !== lengths) continue;
      await native.clearCache();
      const { activeBytes, peakBytes } = native.memory();
      const figures = [
        `resident ${megabytes(residentMemoryBytes([process.pid]) ?? 0)}`,
        `MLX ${megabytes(activeBytes)}, peak ${megabytes(peakBytes)}`,
        `${compilations() - warmCompilations} compiled since the warm-up`,
      ];
      console.log(`round ${round}, ${number + 1} lengths: ${figures.join('; ')}`);
    }
  }
  reading.close();
  voiceActivity.close();
  model.close();
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
