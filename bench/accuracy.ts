import { readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { openRecording } from '../daemon/src/engine/audio/open-recording.ts';
import { assetsFolder, readVocabulary } from '../daemon/src/models/embedded-assets.ts';
import { resolveOptions } from '../daemon/src/protocol/options/resolve-options.ts';
import type { TranscriptionOptions } from '../daemon/src/protocol/options/transcription-options.ts';
import { createVocabulary } from '../daemon/src/whisper/tokenizer/vocabulary.ts';
import { transcribe } from '../daemon/src/whisper/transcribe.ts';
import type { Transcript } from '../daemon/src/whisper/transcript.ts';
import { native, sessionOf } from '../test/engine/support/embedded-model.ts';
import { countWordEdits, type WordEdits } from '../test/engine/support/word-errors.ts';

const help = `npm run bench:accuracy -- --folder <folder> [options]

Words that a model gets wrong and leaves out, in several ways of decoding, on recordings of your own. The folder holds
recordings and manifest.json: [{ "file", "language", "seconds", "text" }, …], the text being what is said.

  --model <folder>    another model than the embedded one; an English-only one gets what is English
  --modes <list>      of default, no-vad, sequential, reference, batch-8, short (default: default,no-vad,reference)
                      With short, the last table has only the recordings that it encoded in short windows.
  --longer <seconds>  only recordings of this length and more
  --files <list>      only these
  --reference <file>  answers of openai/whisper as test/fixtures/reference has them, to compare with
  --output <file>     every text and figure as JSON
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

interface Entry {
  readonly file: string;
  readonly language: string | null;
  readonly seconds: number | null;
  readonly text: string | null;
}

type Reference = Readonly<Record<string, Readonly<Record<string, { readonly text: string } | undefined>>>>;

interface Scored extends WordEdits {
  readonly file: string;
  readonly mode: string;
  readonly written: number;
  readonly text: string;
  readonly warnings: readonly string[];
  readonly work: Work;
}

/** What a transcription took. */
interface Work {
  readonly processorSeconds: number;
  readonly windowSeconds: number;
}

const noWork: Work = { processorSeconds: 0, windowSeconds: 0 };
const secondsPerWindow = 30;

const { values } = parseArgs({
  options: {
    help: { type: 'boolean', default: false },
    folder: { type: 'string' },
    model: { type: 'string', default: join(assetsFolder, 'models', 'whisper-base-4bit') },
    modes: { type: 'string', default: 'default,no-vad,reference' },
    longer: { type: 'string', default: '0' },
    files: { type: 'string' },
    reference: { type: 'string' },
    output: { type: 'string' },
  },
});

if (values.help || values.folder === undefined) console.log(help);
else await measure(values.folder);

async function measure(folder: string): Promise<void> {
  const names = values.modes.split(',');
  const reference = values.reference === undefined ? {} : await readJson<Reference>(values.reference);
  const scored: Scored[] = [];
  const vad = fileURLToPath(new URL('../assets/vad/silero_vad_16k.safetensors', import.meta.url));
  const voiceActivity = await native.loadVoiceActivity({ path: vad });
  const model = await native.loadModel({ folder: values.model });
  const { vocabularySize } = model.dimensions;
  const vocabulary = createVocabulary(await readVocabulary(values.model, vocabularySize), vocabularySize);
  const entries = (await readJson<readonly Entry[]>(join(folder, 'manifest.json'))).filter(
    (entry) => isWanted(entry) && (vocabulary.multilingual || (entry.language ?? 'en') === 'en'),
  );

  async function transcribeWith(
    entry: Entry,
    { options, batchSize = 1 }: Mode,
  ): Promise<{ readonly transcript: Transcript; readonly work: Work }> {
    const path = join(folder, entry.file);
    const {
      sounds: [{ audio }],
    } = await openRecording({ native, path, temporaryFolder: tmpdir(), minFreeDiskBytes: 0 });
    const session = sessionOf(model, voiceActivity);
    const before = process.cpuUsage();
    try {
      const steps = transcribe({
        model: session,
        vocabulary,
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
          work: { processorSeconds: (user + system) / 1e6, windowSeconds: session.usage.windowSeconds },
        };
      }
    } finally {
      session.close();
      audio.close();
    }
  }

  for (const entry of entries) {
    for (const name of names) {
      try {
        const { transcript, work } = await transcribeWith(entry, modes[name] as Mode);
        const warnings = transcript.warnings.map(({ message }) => message);
        scored.push({ ...score(entry, name, transcript.text), warnings, work });
      } catch (error) {
        console.log(`${entry.file}: ${(error as Error).message}`);
      }
    }
    const { greedyWithoutWords, noCarry } = reference[entry.file] ?? {};
    const theirs = greedyWithoutWords ?? noCarry;
    if (theirs !== undefined)
      scored.push({ ...score(entry, 'openai/whisper', theirs.text), warnings: [], work: noWork });
    report(entry, scored);
  }
  summarise(entries, [...names, ...(values.reference === undefined ? [] : ['openai/whisper'])], scored);
  if (values.output !== undefined) await writeFile(values.output, JSON.stringify(scored, null, 1));
  voiceActivity.close();
  await model.close();
}

function isWanted({ file, seconds }: Entry): boolean {
  const files = values.files?.split(',');
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

/** Whether some window was short. */
function hasShortWindow({ windowSeconds }: Work): boolean {
  return windowSeconds % secondsPerWindow !== 0;
}

/** Over the recordings that every mode has transcribed and whose text is known. */
function summarise(entries: readonly Entry[], names: readonly string[], scored: readonly Scored[]): void {
  const wasShort = ({ file }: Entry) =>
    scored.some((each) => each.file === file && each.mode === 'short' && hasShortWindow(each.work));
  const common = entries.filter(
    (entry) =>
      entry.text !== null &&
      names.every((name) => scored.some((each) => each.file === entry.file && each.mode === name)) &&
      (!names.includes('short') || wasShort(entry)),
  );
  const columns = ['words', 'wrong', 'left out', 'put in', 'fallbacks', 'encoded, s', 'processor, s'];
  console.log(
    `\n| ${[`${common.length} recordings`, ...columns].join(' | ')} |\n|${'---|'.repeat(columns.length + 1)}`,
  );
  for (const name of names) {
    const own = scored.filter(({ file, mode }) => mode === name && common.some((entry) => entry.file === file));
    const sum = (field: 'words' | 'errors' | 'deletions' | 'insertions') =>
      own.reduce((total, each) => total + each[field], 0);
    const fallbacks = own.filter(({ work }) => hasShortWindow(work) && work.windowSeconds > secondsPerWindow);
    const encoded = own.reduce((total, { work }) => total + work.windowSeconds, 0);
    const processor = own.reduce((total, { work }) => total + work.processorSeconds, 0);
    const words = [sum('words'), sum('errors'), sum('deletions'), sum('insertions')];
    console.log(`| ${[name, ...words, fallbacks.length, encoded, processor.toFixed(1)].join(' | ')} |`);
  }
}
