import { readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { cleanTranscript } from '../daemon/src/clean-up/clean-transcript.ts';
import { nameCorrector } from '../daemon/src/clean-up/correct-names.ts';
import { prepareCleanUp } from '../daemon/src/clean-up/create-clean-up.ts';
import { createDictionary } from '../daemon/src/dictionary/create-dictionary.ts';
import { createOrdinaryWords, type OrdinaryWords } from '../daemon/src/dictionary/ordinary-words.ts';
import { lettersOf, spokenWords } from '../daemon/src/dictionary/spoken-words.ts';
import { openRecording } from '../daemon/src/engine/audio/open-recording.ts';
import { toTranscript } from '../daemon/src/engine/to-transcript.ts';
import { assetsFolder, readVocabulary } from '../daemon/src/models/embedded-assets.ts';
import { resolveOptions } from '../daemon/src/protocol/options/resolve-options.ts';
import type { Transcript } from '../daemon/src/protocol/transcript.ts';
import type { DictionaryEntry } from '../daemon/src/protocol/words.ts';
import { createVocabulary, type Vocabulary } from '../daemon/src/whisper/tokenizer/vocabulary.ts';
import { transcribe } from '../daemon/src/whisper/transcribe.ts';
import { native, sessionOf } from '../test/engine/support/embedded-model.ts';
import { rememberEncodings } from '../test/engine/support/remember-encodings.ts';
import { countWordEdits } from '../test/engine/support/word-errors.ts';

const help = `node --disable-warning=ExperimentalWarning bench/dictionary.ts --folder <folder> [options]

What a dictionary finds and costs. The folder holds recordings and manifest.json: [{ "file", "language", "text" }, …].
Rare words and names of the texts are the dictionary's words, together with others that nobody says. Each recording is
transcribed without it and with it. Recall: how many of the words are written where they are said.

  --model <folder>    another model than the embedded one; an English-only one gets what is English
  --others <list>     how many words that nobody says (default: 0,100,1000)
  --files <list>      only these recordings
  --output <file>     every text as JSON
`;

interface Entry {
  readonly file: string;
  readonly language: string | null;
  readonly text: string | null;
}

interface Scored {
  readonly file: string;
  readonly mode: string;
  readonly text: string;
  readonly words: number;
  readonly errors: number;
  readonly said: number;
  readonly found: number;
  /** Words of the dictionary that are written and were not said. */
  readonly invented: readonly string[];
  readonly missed: readonly string[];
  readonly decodes: number;
}

/** Surnames that sound like ordinary words. */
const soundAlikes =
  'Browne Whyte Moore Wright Reade Hurd Sayer Dunne Toomey Yew Thorne Blud Greyn Irons Steele Harte Tymes Weir Whey Wynde Rayne Peele Beale Daye Knight Houre Lorde Mann Menne Waite Longe Fayle Coste Booke Prynne Dreme Starre Sonne Hoape Coton Bloode Burdon Harme Whyle Fynde Mowse Lyfe Foorde Cleere Shaip Brydge';

const { values } = parseArgs({
  options: {
    help: { type: 'boolean', default: false },
    folder: { type: 'string' },
    model: { type: 'string', default: join(assetsFolder, 'models', 'whisper-base-4bit') },
    others: { type: 'string', default: '0,100,1000' },
    files: { type: 'string' },
    output: { type: 'string' },
  },
});

if (values.help || values.folder === undefined) console.log(help);
else await measure(values.folder);

async function measure(folder: string): Promise<void> {
  const vad = fileURLToPath(new URL('../assets/vad/silero_vad_16k.safetensors', import.meta.url));
  const voiceActivity = await native.loadVoiceActivity({ path: vad });
  const model = rememberEncodings(await native.loadModel({ folder: values.model }), { mostRemembered: 10 });
  const { vocabularySize } = model.dimensions;
  const file = await readVocabulary(values.model, vocabularySize);
  const vocabulary = createVocabulary(file, vocabularySize);
  const isOrdinary = createOrdinaryWords(
    await readFile(join(assetsFolder, 'tokenizer', 'multilingual.tiktoken'), 'utf8'),
  );
  const manifest = JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8')) as readonly Entry[];
  const entries = manifest.filter(
    ({ file: name, language, text }) =>
      text !== null &&
      (values.files === undefined || values.files.split(',').includes(name)) &&
      (vocabulary.multilingual || (language ?? 'en') === 'en'),
  );
  // In the order of the list, so that a part of it can be measured.
  const order = values.files?.split(',') ?? manifest.map((entry) => entry.file);
  entries.sort((one, other) => order.indexOf(one.file) - order.indexOf(other.file));
  const planted = plantedWords(manifest, vocabulary, isOrdinary);
  const others = otherWords(vocabulary, manifest);
  console.log(`${planted.length} words: ${planted.join(' ')}`);
  const modes = [
    { name: 'off', words: [] as readonly string[] },
    ...values.others.split(',').map((count) => ({
      name: `on, ${count} others`,
      words: [...planted, ...others.slice(0, Number(count))],
    })),
  ].map(({ name, words }) => ({ name, words, ...prepared(words.map((word) => ({ word }))) }));

  function prepared(list: readonly DictionaryEntry[]) {
    const parts = { replaceWords: false, spokenPunctuation: false, dropFillers: false, capitalStart: false };
    const begin = list.length === 0 ? null : prepareCleanUp(parts, [], nameCorrector(list, isOrdinary));
    return { dictionary: createDictionary(list), begin };
  }

  const scored: Scored[] = [];
  for (const entry of entries) {
    for (const mode of modes) {
      try {
        const { transcript, decodes } = await transcribeWith(entry, mode);
        scored.push({
          ...score(entry, mode.words.length === 0 ? planted : mode.words, transcript.text),
          file: entry.file,
          mode: mode.name,
          decodes,
        });
      } catch (error) {
        console.log(`${entry.file}: ${(error as Error).message}`);
        break;
      }
    }
    report(scored.filter(({ file: name }) => name === entry.file));
  }
  summarise(
    modes.map(({ name }) => name),
    scored,
  );
  if (values.output !== undefined) await writeFile(values.output, JSON.stringify(scored, null, 1));
  voiceActivity.close();
  await model.close();

  async function transcribeWith(
    entry: Entry,
    { dictionary, begin }: ReturnType<typeof prepared>,
  ): Promise<{ readonly transcript: Transcript; readonly decodes: number }> {
    const path = join(folder, entry.file);
    const {
      sounds: [{ audio }],
    } = await openRecording({ native, path, temporaryFolder: tmpdir(), minFreeDiskBytes: 0 });
    const session = sessionOf(model, voiceActivity);
    let decodes = 0;
    const decode = session.decode.bind(session);
    const counting = new Proxy(session, {
      get(target, name) {
        if (name !== 'decode') {
          const value = Reflect.get(target, name, target);
          return typeof value === 'function' ? value.bind(target) : value;
        }
        decodes += 1;
        return decode;
      },
    });
    try {
      const options = resolveOptions(entry.language === null ? {} : { language: entry.language });
      const steps = transcribe({ model: counting, vocabulary, audio, options, dictionary });
      for (;;) {
        const { done, value } = await steps.next();
        if (done !== true) continue;
        const transcript = toTranscript(value, {
          model: 'bench',
          task: 'transcribe',
          timings: {} as never,
          recordingWarnings: [],
        });
        return { transcript: begin === null ? transcript : cleanTranscript(transcript, begin()), decodes };
      }
    } finally {
      session.close();
      audio.close();
    }
  }
}

/** Names and rare words of the texts: what is no ordinary word, and names of several tokens. */
function plantedWords(
  manifest: readonly Entry[],
  vocabulary: Vocabulary,
  isOrdinary: OrdinaryWords,
): readonly string[] {
  const words = new Map<string, string>();
  for (const { text, language } of manifest) {
    if (text === null || ['zh', 'ja'].includes(language ?? 'en')) continue;
    for (const word of spokenWords(text)) {
      const { letters, start } = word;
      const isInside = /[\p{L},]["'”’]? +$/u.test(text.slice(0, start)) && language !== 'de';
      const isName = isInside && /^\p{Lu}\p{Ll}/u.test(word.text) && vocabulary.encode(` ${letters}`).length > 1;
      if (letters.length >= 5 && (isName || !isOrdinary(word)) && !words.has(letters)) words.set(letters, word.text);
    }
  }
  return [...words.values()];
}

/** Surnames that sound like ordinary words, then names made of pieces of the vocabulary; always the same. */
function otherWords(vocabulary: Vocabulary, manifest: readonly Entry[]): readonly string[] {
  const said = new Set(manifest.flatMap(({ text }) => spokenWords(text ?? '').map(({ letters }) => letters)));
  const texts = Array.from({ length: vocabulary.special.endOfText }, (_, token) => vocabulary.decode([token]));
  const starts = texts.filter((text) => /^ [A-Z][a-z]{2,4}$/.test(text)).map((text) => text.trim());
  const ends = texts.filter((text) => /^[a-z]{2,4}$/.test(text));
  let state = 1;
  const next = (below: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  const names = new Set(soundAlikes.split(' '));
  while (names.size < 5000) names.add(`${starts[next(starts.length)]}${ends[next(ends.length)]}`);
  return [...names].filter((name) => !said.has(lettersOf(name)));
}

function score(
  { text, language }: Entry,
  dictionary: readonly string[],
  written: string,
): Omit<Scored, 'file' | 'mode' | 'decodes'> {
  const { words, errors } = countWordEdits({ said: text ?? '', written, language: language ?? 'en' });
  const countIn = (whole: string) => {
    const counts = new Map<string, number>();
    for (const { letters } of spokenWords(whole)) counts.set(letters, (counts.get(letters) ?? 0) + 1);
    return counts;
  };
  const [inText, inWritten] = [countIn(text ?? ''), countIn(written)];
  const sum = { said: 0, found: 0, invented: [] as string[], missed: [] as string[] };
  for (const word of dictionary) {
    const [said, found] = [inText.get(lettersOf(word)) ?? 0, inWritten.get(lettersOf(word)) ?? 0];
    sum.said += said;
    sum.found += Math.min(said, found);
    if (found > said) sum.invented.push(word);
    if (found < said) sum.missed.push(word);
  }
  return { text: written, words, errors, ...sum };
}

function report(own: readonly Scored[]): void {
  const off = own[0];
  if (off === undefined) return;
  console.log(
    `${off.file}: ${own.map(({ errors, found, said, decodes }) => `${errors} wrong, ${found}/${said} (${decodes})`).join(' · ')}`,
  );
  for (const { mode, text, invented, missed, errors } of own.slice(1)) {
    if (text === off.text && missed.length === 0) continue;
    const sign = errors > off.errors ? '  WORSE' : '';
    console.log(
      `  ${mode}${sign}: missed ${missed.join(' ')}; invented ${invented.join(' ')}${text === off.text ? '' : `\n    ${off.text}\n    ${text}`}`,
    );
  }
}

function summarise(modes: readonly string[], scored: readonly Scored[]): void {
  console.log('\n| dictionary | words wrong | WER | recall | invented | decodes |\n|---|---|---|---|---|---|');
  for (const mode of modes) {
    const own = scored.filter((each) => each.mode === mode);
    const sum = (of: (each: Scored) => number) => own.reduce((total, each) => total + of(each), 0);
    const [words, errors, said, found] = [
      sum((each) => each.words),
      sum((each) => each.errors),
      sum((each) => each.said),
      sum((each) => each.found),
    ];
    const wer = ((100 * errors) / words).toFixed(2);
    const recall = ((100 * found) / said).toFixed(1);
    console.log(
      `| ${[mode, `${errors} of ${words}`, `${wer} %`, `${found} of ${said} (${recall} %)`, sum((each) => each.invented.length), sum((each) => each.decodes)].join(' | ')} |`,
    );
  }
}
