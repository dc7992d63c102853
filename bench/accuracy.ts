import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { NativeModel } from '@hearth/native';
import { openRecording } from '../daemon/src/engine/audio/open-recording.ts';
import { assetsFolder, readVocabulary } from '../daemon/src/models/embedded-assets.ts';
import { modelNameOf } from '../daemon/src/models/hub-cache.ts';
import { resolveOptions } from '../daemon/src/protocol/options/resolve-options.ts';
import type { TranscriptionOptions } from '../daemon/src/protocol/options/transcription-options.ts';
import { createVocabulary, type Vocabulary } from '../daemon/src/whisper/tokenizer/vocabulary.ts';
import { transcribe } from '../daemon/src/whisper/transcribe.ts';
import type { Transcript } from '../daemon/src/whisper/transcript.ts';
import { native, sessionOf } from '../test/engine/support/embedded-model.ts';
import { countWordEdits } from '../test/engine/support/word-errors.ts';
import { accuracyTable, hasShortWindow, type Scored, type Work } from './accuracy-table.ts';

const help = `npm run bench:accuracy -- [options]

Words that models get wrong and leave out, in several ways of decoding; the models' sizes, and their time beside the first
one's. Each recording is transcribed with every model, one after the other, so that what else the machine does troubles
all of them.

  --folder <folder>    recordings of your own, with manifest.json: [{ "file", "language", "seconds", "text" }, …], the
                       text being what is said (default: the recordings of the tests)
  --model <folders>    folders of models with commas, the one to compare with first (default: the embedded model); an
                       English-only one gets what is English
  --modes <list>       of default, no-vad, sequential, reference, batch-8, short (default: default,no-vad,reference; with
                       several models default). With short, the last table has only the recordings that it encoded in
                       short windows.
  --language <code>    only recordings in this language, and those without one
  --longer <seconds>   only recordings of this length and more
  --files <list>       only these
  --reference <file>   answers of openai/whisper as test/fixtures/reference has them, to compare with
  --output <file>      every text and figure as JSON
`;

interface Mode {
  readonly options: TranscriptionOptions;
  readonly batchSize?: number;
}

const modes: Readonly<Record<string, Mode>> = {
  default: { options: {} },
  'no-vad': { options: { vad: false } },
  sequential: { options: { sequential: true } },
  reference: { options: { sequential: true, vad: false } },
  'batch-8': { options: {}, batchSize: 8 },
  short: { options: { window: 'short' } },
};

/** A model of the comparison. */
interface Heard {
  readonly name: string;
  readonly native: NativeModel;
  readonly vocabulary: Vocabulary;
  /** What its files take. */
  readonly bytes: number;
}

/** A way to transcribe: a model in a mode. */
interface Run extends Mode {
  readonly name: string;
  readonly model: Heard;
  readonly modelBytes: number;
}

interface Entry {
  readonly file: string;
  readonly language: string | null;
  readonly seconds: number | null;
  readonly text: string | null;
}

type Reference = Readonly<Record<string, Readonly<Record<string, { readonly text: string } | undefined>>>>;

const { values } = parseArgs({
  options: {
    help: { type: 'boolean', default: false },
    folder: { type: 'string', default: fileURLToPath(new URL('../test/fixtures/audio', import.meta.url)) },
    model: { type: 'string', default: join(assetsFolder, 'models', 'whisper-base-4bit') },
    modes: { type: 'string' },
    language: { type: 'string' },
    longer: { type: 'string', default: '0' },
    files: { type: 'string' },
    reference: { type: 'string' },
    output: { type: 'string' },
  },
});

if (values.help) console.log(help);
else await measure();

async function measure(): Promise<void> {
  const { folder } = values;
  const vad = fileURLToPath(new URL('../assets/vad/silero_vad_16k.safetensors', import.meta.url));
  const voiceActivity = await native.loadVoiceActivity({ path: vad });
  const models: Heard[] = [];
  for (const path of values.model.split(',')) models.push(await load(path));
  const modeNames = (values.modes ?? (models.length > 1 ? 'default' : 'default,no-vad,reference')).split(',');
  const runs = models.flatMap((model) =>
    modeNames.map((mode): Run => {
      const name = [
        ...(models.length > 1 ? [model.name] : []),
        ...(modeNames.length > 1 || models.length === 1 ? [mode] : []),
      ];
      return { ...modeOf(mode), name: name.join(' '), model, modelBytes: model.bytes };
    }),
  );
  const reference = values.reference === undefined ? {} : await readJson<Reference>(values.reference);
  const isEnglishOnly = models.some(({ vocabulary }) => !vocabulary.multilingual);
  const entries = (await readJson<readonly Entry[]>(join(folder, 'manifest.json'))).filter(
    (entry) => isWanted(entry) && (!isEnglishOnly || (entry.language ?? 'en') === 'en'),
  );
  const scored: Scored[] = [];

  async function transcribeWith(
    entry: Entry,
    { model, options, batchSize = 1 }: Run,
  ): Promise<{ readonly transcript: Transcript; readonly work: Work }> {
    const path = join(folder, entry.file);
    const {
      sounds: [{ audio }],
    } = await openRecording({ native, path, temporaryFolder: tmpdir(), minFreeDiskBytes: 0 });
    const session = sessionOf(model.native, voiceActivity);
    const [before, startMs] = [process.cpuUsage(), performance.now()];
    try {
      const steps = transcribe({
        model: session,
        vocabulary: model.vocabulary,
        audio,
        options: resolveOptions({ ...options, ...(entry.language !== null && { language: entry.language }) }),
        windowsAtATime: batchSize,
      });
      for (;;) {
        const { done, value } = await steps.next();
        if (done !== true) continue;
        const { user, system } = process.cpuUsage(before);
        return {
          transcript: value,
          work: {
            processorSeconds: (user + system) / 1e6,
            wallSeconds: (performance.now() - startMs) / 1000,
            windowSeconds: session.usage.windowSeconds,
          },
        };
      }
    } finally {
      session.close();
      audio.close();
    }
  }

  for (const entry of entries) {
    for (const run of runs) {
      try {
        const { transcript, work } = await transcribeWith(entry, run);
        const warnings = transcript.warnings.map(({ message }) => message);
        scored.push({ ...score(entry, run.name, transcript.text), warnings, work });
      } catch (error) {
        console.log(`${entry.file}: ${(error as Error).message}`);
      }
    }
    const { greedyWithoutWords, noCarry } = reference[entry.file] ?? {};
    const theirs = greedyWithoutWords ?? noCarry;
    if (theirs !== undefined) scored.push({ ...score(entry, 'openai/whisper', theirs.text), warnings: [], work: null });
    report(entry, scored);
  }
  const others = values.reference === undefined ? [] : [{ name: 'openai/whisper', modelBytes: null }];
  console.log(`\n${accuracyTable([...runs, ...others], comparable(entries, runs, scored))}`);
  if (values.output !== undefined) await writeFile(values.output, JSON.stringify(scored, null, 1));
  voiceActivity.close();
  for (const { native: model } of models) await model.close();
}

async function load(path: string): Promise<Heard> {
  const folder = resolve(path);
  const model = await native.loadModel({ folder });
  const { vocabularySize } = model.dimensions;
  const vocabulary = createVocabulary(await readVocabulary(folder, vocabularySize), vocabularySize);
  const names = await readdir(folder);
  const sizes = await Promise.all(names.map(async (name) => (await stat(join(folder, name))).size));
  return { name: modelNameOf(folder), native: model, vocabulary, bytes: sizes.reduce((sum, size) => sum + size, 0) };
}

function modeOf(name: string): Mode {
  const mode = modes[name];
  if (mode !== undefined) return mode;
  throw new Error(`Expected modes of ${Object.keys(modes).join(', ')}, got ${name}.`);
}

function isWanted({ file, seconds, language }: Entry): boolean {
  const files = values.files?.split(',');
  if (values.language !== undefined && (language ?? values.language) !== values.language) return false;
  return (files === undefined || files.includes(file)) && (seconds ?? 0) >= Number(values.longer);
}

async function readJson<Content>(path: string): Promise<Content> {
  return JSON.parse(await readFile(path, 'utf8')) as Content;
}

function score(entry: Entry, mode: string, text: string): Omit<Scored, 'warnings' | 'work'> {
  const edits = countWordEdits({ said: entry.text ?? '', written: text, language: entry.language ?? 'en' });
  return { file: entry.file, mode, text, ...edits };
}

function report({ file, seconds, text }: Entry, scored: readonly Scored[]): void {
  const own = scored.filter((each) => each.file === file);
  if (own.length === 0) return;
  const figures = own.map(({ mode, written, errors, deletions }) =>
    text === null ? `${mode} ${written} words` : `${mode} ${written} words, ${errors} wrong, ${deletions} left out`,
  );
  console.log(
    `${file} (${seconds} s, ${text === null ? 'no text' : `${own[0]?.words} words`}): ${figures.join(' · ')}`,
  );
  for (const { mode, warnings } of own) for (const warning of warnings) console.log(`  ${mode}: ${warning}`);
}

/** Of the recordings that every run has transcribed and whose text is known. */
function comparable(entries: readonly Entry[], runs: readonly Run[], scored: readonly Scored[]): readonly Scored[] {
  const shortRuns = runs.filter(({ options }) => options.window === 'short').map(({ name }) => name);
  const files = entries.flatMap(({ file, text }) => {
    const own = scored.filter((each) => each.file === file);
    const wasShort = own.some(({ mode, work }) => shortRuns.includes(mode) && work && hasShortWindow(work));
    const isComparable =
      text !== null &&
      runs.every(({ name }) => own.some(({ mode }) => mode === name)) &&
      (shortRuns.length === 0 || wasShort);
    return isComparable ? [file] : [];
  });
  return scored.filter(({ file }) => files.includes(file));
}
