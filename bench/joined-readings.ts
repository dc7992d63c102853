import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openRecording } from '../daemon/src/engine/audio/open-recording.ts';
import { assetsFolder, readVocabulary } from '../daemon/src/models/embedded-assets.ts';
import type { TranscriptionOptions } from '../daemon/src/protocol/options/transcription-options.ts';
import { createVocabulary } from '../daemon/src/whisper/tokenizer/vocabulary.ts';
import { randomNumbers } from '../test/e2e/support/random-numbers.ts';
import { pathOf } from '../test/engine/fork-engine.ts';
import { native } from '../test/engine/support/embedded-model.ts';
import { transcribeRecording } from '../test/engine/support/transcribe-recording.ts';
import { wavOf } from '../test/engine/support/wav-of.ts';
import { countWordEdits } from '../test/engine/support/word-errors.ts';
import { type LostWords, lostWords } from './joined-readings/lost-words.ts';

const help = `node bench/joined-readings.ts --folder <folder> [options]

Joins short readings in English into longer recordings, in an order that chance gives, with pauses of 0.3 to 1 s, each as
loud as it is or 12 dB quieter. Prints where four words and more in a row are missing from what is written: sentences that
were lost. The folder is as for npm run bench:accuracy; of recordings with the same text the first is taken, and none of
digits, which are written in many ways.

  --model <folder>       another model than the embedded one
  --modes <list>         of default, sequential, reference (default: default,sequential)
  --windows <number>     recordings of 20 to 30 s (default: 30)
  --long <number>        recordings of 60 to 300 s (default: 6)
  --seed <number>        of chance (default: 1)
  --only <list>          only these of the recordings, such as window-3,long-2
  --keep <folder>        keeps the joined recordings there
  --output <file>        every text and figure as JSON
`;

const modes: Readonly<Record<string, TranscriptionOptions>> = {
  default: {},
  sequential: { sequential: true },
  reference: { sequential: true, vad: false },
};

const rate = 16_000;
const longestReadingSeconds = 17;
const digits = /\b(one|two|three) (zero|two|three)\b/;
const quieter = 10 ** (-12 / 20);

interface Entry {
  readonly file: string;
  readonly language: string | null;
  readonly seconds: number | null;
  readonly text: string | null;
}

interface Reading {
  readonly file: string;
  readonly text: string;
  readonly samples: Int16Array;
}

interface Joined {
  readonly name: string;
  readonly text: string;
  readonly samples: Int16Array;
  readonly readings: readonly { readonly file: string; readonly startSeconds: number }[];
}

interface Heard {
  readonly name: string;
  readonly mode: string;
  readonly seconds: number;
  readonly words: number;
  readonly errors: number;
  readonly deletions: number;
  readonly lost: readonly LostWords[];
  readonly written: string;
  readonly warnings: readonly string[];
  readonly processorSeconds: number;
}

const { values } = parseArgs({
  options: {
    help: { type: 'boolean', default: false },
    folder: { type: 'string' },
    model: { type: 'string', default: join(assetsFolder, 'models', 'whisper-base-4bit') },
    modes: { type: 'string', default: 'default,sequential' },
    windows: { type: 'string', default: '30' },
    long: { type: 'string', default: '6' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string' },
    keep: { type: 'string' },
    output: { type: 'string' },
  },
});

if (values.help || values.folder === undefined) console.log(help);
else await measure(values.folder);

async function measure(folder: string): Promise<void> {
  const readings = await readAll(folder);
  console.log(`${readings.length} readings`);
  const place = values.keep ?? (await mkdtemp(join(tmpdir(), 'hearth-joined-')));
  const voiceActivity = await native.loadVoiceActivity({ path: pathOf('assets/vad/silero_vad_16k.safetensors') });
  const model = await native.loadModel({ folder: values.model });
  const { vocabularySize } = model.dimensions;
  const vocabulary = createVocabulary(await readVocabulary(values.model, vocabularySize), vocabularySize);
  const heard: Heard[] = [];
  for (const { name, text, samples, readings: parts } of joinAll(readings)) {
    if (values.only !== undefined && !values.only.split(',').includes(name)) continue;
    const file = join(place, `${name}.wav`);
    await writeFile(
      file,
      wavOf((i) => samples[i] as number, samples.length),
    );
    for (const mode of values.modes.split(',')) {
      const before = process.cpuUsage();
      const options = { ...modes[mode], ...(vocabulary.multilingual && { language: 'en' }) };
      const transcript = await transcribeRecording({ model, vocabulary, file, options, voiceActivity });
      const { user, system } = process.cpuUsage(before);
      const { words, errors, deletions } = countWordEdits({ said: text, written: transcript.text, language: 'en' });
      const lost = lostWords({ said: text, written: transcript.text });
      heard.push({
        ...{ name, mode, words, errors, deletions, lost, written: transcript.text },
        seconds: samples.length / rate,
        warnings: transcript.warnings.map(({ message }) => message),
        processorSeconds: (user + system) / 1e6,
      });
      for (const { words: missing, before: lead } of lost) {
        const warned = transcript.warnings.length > 0 ? ', with a warning' : '';
        console.log(`${name}, ${mode}: lost ${missing.length} words after "${lead}": ${missing.join(' ')}${warned}`);
      }
    }
    console.log(`${name}: ${parts.map((part) => `${part.startSeconds.toFixed(1)} ${part.file}`).join(', ')}`);
  }
  summarise(heard);
  if (values.output !== undefined) await writeFile(values.output, JSON.stringify(heard, null, 1));
  if (values.keep === undefined) await rm(place, { recursive: true });
  voiceActivity.close();
  await model.close();
}

/** Readings in English whose text is known, each text once, as 16 kHz mono. */
async function readAll(folder: string): Promise<readonly Reading[]> {
  const entries = JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8')) as readonly Entry[];
  const readings: Reading[] = [];
  for (const { file, language, seconds, text } of entries) {
    if (language !== 'en' || text === null || text === '' || (seconds ?? 0) > longestReadingSeconds) continue;
    if (digits.test(text) || readings.some((reading) => reading.text === text)) continue;
    const path = join(folder, file);
    const {
      sounds: [{ audio }],
    } = await openRecording({ native, path, temporaryFolder: tmpdir(), minFreeDiskBytes: 0 });
    const { sampleCount } = await audio.whole();
    readings.push({ file, text, samples: audio.samples(0, sampleCount) });
    audio.close();
  }
  return readings;
}

function* joinAll(readings: readonly Reading[]): Generator<Joined> {
  const random = randomNumbers(Number(values.seed));
  const kinds = [
    { kind: 'window', count: Number(values.windows), shortest: 20, longest: 30 },
    { kind: 'long', count: Number(values.long), shortest: 60, longest: 300 },
  ];
  for (const { kind, count, shortest, longest } of kinds) {
    for (let number = 1; number <= count; number++) {
      const seconds = shortest + random() * (longest - shortest);
      yield { name: `${kind}-${number}`, ...joinReadings(readings, seconds, random) };
    }
  }
}

/** As many as fit in so many seconds. */
function joinReadings(readings: readonly Reading[], seconds: number, random: () => number): Omit<Joined, 'name'> {
  const samples = new Int16Array(Math.round(seconds * rate));
  const parts: { file: string; text: string; startSeconds: number }[] = [];
  let at = Math.round(random() * 0.5 * rate);
  for (const reading of shuffled(readings, random)) {
    if (at + reading.samples.length > samples.length) continue;
    const loudness = random() < 0.5 ? 1 : quieter;
    for (const [i, sample] of reading.samples.entries()) samples[at + i] = sample * loudness;
    parts.push({ file: reading.file, text: reading.text, startSeconds: at / rate });
    at += reading.samples.length + Math.round((0.3 + random() * 0.7) * rate);
  }
  return { samples, text: parts.map(({ text }) => text).join(' '), readings: parts };
}

function shuffled<Item>(items: readonly Item[], random: () => number): Item[] {
  const mixed = [...items];
  for (let i = mixed.length - 1; i > 0; i--) {
    const other = Math.floor(random() * (i + 1));
    [mixed[i], mixed[other]] = [mixed[other] as Item, mixed[i] as Item];
  }
  return mixed;
}

function summarise(heard: readonly Heard[]): void {
  const columns = ['recordings', 'words', 'wrong', 'left out', 'lost sentences', 'per 1,000 words', 'processor, s'];
  console.log(`\n| ${['', ...columns].join(' | ')} |\n|${'---|'.repeat(columns.length + 1)}`);
  for (const kind of ['window', 'long']) {
    for (const mode of values.modes.split(',')) {
      const own = heard.filter((each) => each.mode === mode && each.name.startsWith(kind));
      const sum = (of: (each: Heard) => number) => own.reduce((total, each) => total + of(each), 0);
      const [words, lost] = [sum((each) => each.words), sum((each) => each.lost.length)];
      const figures = [own.length, words, sum((each) => each.errors), sum((each) => each.deletions), lost];
      const rates = [((1000 * lost) / words).toFixed(2), sum((each) => each.processorSeconds).toFixed(1)];
      console.log(`| ${[`${kind}, ${mode}`, ...figures, ...rates].join(' | ')} |`);
    }
  }
}
