import { readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { openRecording } from '../daemon/src/engine/audio/open-recording.ts';
import { resolveOptions } from '../daemon/src/protocol/options/resolve-options.ts';
import type { TranscriptionOptions } from '../daemon/src/protocol/options/transcription-options.ts';
import { transcribe } from '../daemon/src/whisper/transcribe.ts';
import type { Transcript } from '../daemon/src/whisper/transcript.ts';
import { loadEmbeddedModel, multilingual, native, sessionOf } from '../test/engine/support/embedded-model.ts';
import { countWordEdits, type WordEdits } from '../test/engine/support/word-errors.ts';

const help = `node --disable-warning=ExperimentalWarning bench/accuracy.ts --folder <folder> [options]

Words that the embedded model gets wrong and leaves out, in several ways of decoding, on recordings of your own. The
folder holds recordings and manifest.json: [{ "file", "language", "seconds", "text" }, …], the text being what is said.

  --modes <list>      of ${'default, no-vad, sequential, reference, batch-8'} (default: default,no-vad,reference)
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
}

const { values } = parseArgs({
  options: {
    help: { type: 'boolean', default: false },
    folder: { type: 'string' },
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
  const entries = (await readJson<readonly Entry[]>(join(folder, 'manifest.json'))).filter(isWanted);
  const reference = values.reference === undefined ? {} : await readJson<Reference>(values.reference);
  const scored: Scored[] = [];
  const vad = fileURLToPath(new URL('../assets/vad/silero_vad_16k.safetensors', import.meta.url));
  const voiceActivity = await native.loadVoiceActivity({ path: vad });
  const model = await loadEmbeddedModel();

  async function transcribeWith(entry: Entry, { options, batchSize = 1 }: Mode): Promise<Transcript> {
    const path = join(folder, entry.file);
    const { audio } = await openRecording({ native, path, temporaryFolder: tmpdir(), minFreeDiskBytes: 0 });
    const session = sessionOf(model, voiceActivity);
    try {
      const steps = transcribe({
        model: session,
        vocabulary: multilingual,
        audio,
        options: resolveOptions({ ...options, ...(entry.language !== null && { language: entry.language }) }),
        windowsAtATime: batchSize,
      });
      for (;;) {
        const { done, value } = await steps.next();
        if (done === true) return value;
      }
    } finally {
      session.close();
      audio.close();
    }
  }

  for (const entry of entries) {
    for (const name of names) {
      try {
        const { text, warnings } = await transcribeWith(entry, modes[name] as Mode);
        scored.push(
          score(
            entry,
            name,
            text,
            warnings.map(({ message }) => message),
          ),
        );
      } catch (error) {
        console.log(`${entry.file}: ${(error as Error).message}`);
      }
    }
    const { greedyWithoutWords, noCarry } = reference[entry.file] ?? {};
    const theirs = greedyWithoutWords ?? noCarry;
    if (theirs !== undefined) scored.push(score(entry, 'openai/whisper', theirs.text, []));
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

function score(entry: Entry, mode: string, text: string, warnings: readonly string[]): Scored {
  const edits = countWordEdits({ said: entry.text ?? '', written: text, language: entry.language ?? 'en' });
  return { file: entry.file, mode, text, warnings, ...edits };
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

/** Over the recordings that every mode has transcribed and whose text is known. */
function summarise(entries: readonly Entry[], names: readonly string[], scored: readonly Scored[]): void {
  const common = entries.filter(
    ({ file, text }) =>
      text !== null && names.every((name) => scored.some((each) => each.file === file && each.mode === name)),
  );
  console.log(`\n| ${common.length} recordings | words | wrong | left out | put in |\n|---|---|---|---|---|`);
  for (const name of names) {
    const own = scored.filter(({ file, mode }) => mode === name && common.some((entry) => entry.file === file));
    const sum = (field: 'words' | 'errors' | 'deletions' | 'insertions') =>
      own.reduce((total, each) => total + each[field], 0);
    console.log(`| ${name} | ${sum('words')} | ${sum('errors')} | ${sum('deletions')} | ${sum('insertions')} |`);
  }
}
