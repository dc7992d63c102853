import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Word } from '../daemon/src/protocol/transcript.ts';
import { loadEmbeddedModel, multilingual } from '../test/engine/support/embedded-model.ts';
import { recordingPath } from '../test/engine/support/recordings.ts';
import { attendedTexts } from './live/attended-text.ts';
import { type DecodedText, observedModel } from './live/observed-model.ts';
import { playSessions } from './live/play-sessions.ts';
import { createStableWords } from './live/stable-words.ts';
import { writeSound } from './live/write-sound.ts';

const help = `node --disable-warning=ExperimentalWarning bench/live-policies.ts [options] [recording …]

What of a text that may still change is settled: what two looks in a row say (LocalAgreement-2), or what cross-attention
finds long enough before the end of the sound (AlignAtt)? Both judge the same looks of a live session at some recordings
(default: seven of the tests'). How many words did each settle that the final text does not say, and how late? The clock
is the bench's own, but the model takes the time that it takes, so nothing else should run.

  --language <code>   of the recordings (default en)
`;

const behindSeconds = [0.2, 0.5, 1, 1.5, 2];
const defaults = [
  '1688-142285-0000.flac',
  'librispeech_1995-1837-0001.wav',
  'mfa_61-70968-0000.flac',
  '3331-159605-0006.flac',
  'librispeech_198-209-0000.ogg',
  'jfk.flac',
  'mlx_whisper_ls_test.flac',
];

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { help: { type: 'boolean', default: false }, language: { type: 'string', default: 'en' } },
});

if (values.help) console.log(help);
else await bench();

interface Figures {
  words: number;
  contradicted: number;
  lagSeconds: number[];
}

async function bench(): Promise<void> {
  const names = ['LocalAgreement-2', ...behindSeconds.map((seconds) => `AlignAtt, ${seconds} s`)];
  const figures = names.map((): Figures => ({ words: 0, contradicted: 0, lagSeconds: [] }));
  const work = { looks: 0, alignments: 0, alignSeconds: 0, seconds: 0, said: 0 };
  for (const path of positionals.length > 0 ? positionals : defaults.map(recordingPath)) {
    for (const [i, found] of (await hear(path, work)).entries()) {
      const sum = figures[i] as Figures;
      sum.words += found.words;
      sum.contradicted += found.contradicted;
      sum.lagSeconds.push(...found.lagSeconds);
    }
  }
  console.log(`${work.said} words, ${work.seconds.toFixed(0)} s, ${work.looks} looks\n`);
  for (const [i, { words, contradicted, lagSeconds }] of figures.entries()) {
    const lags = lagSeconds.toSorted((a, b) => a - b);
    const at = (share: number) => (lags[Math.min(lags.length - 1, Math.floor(share * lags.length))] ?? 0).toFixed(2);
    const share = ((100 * contradicted) / words).toFixed(1);
    console.log(
      `${(names[i] as string).padEnd(18)} ${words} words settled, ${contradicted} contradicted (${share} %), ` +
        `lag ${at(0.5)} s, 90 % ${at(0.9)} s`,
    );
  }
  const each = (1000 * work.alignSeconds) / work.alignments;
  console.log(`\nAlignAtt takes ${each.toFixed(0)} ms more a look.`);
}

function textOf(tokens: readonly number[]): string {
  return multilingual.decode(tokens.filter((token) => token < multilingual.special.endOfText));
}

/** What both settle of a recording, judged by what its session commits. */
async function hear(
  path: string,
  work: { looks: number; alignments: number; alignSeconds: number; seconds: number; said: number },
) {
  const folder = await mkdtemp(join(tmpdir(), 'hearth-bench-'));
  const model = await loadEmbeddedModel();
  try {
    const sound = await writeSound({ folder, recordings: [path] });
    const policies = [createStableWords(), ...behindSeconds.map(createStableWords)];
    let attended: readonly string[] = [];
    let heard = '';
    const observed = observedModel(model, {
      async decoded(text: DecodedText) {
        const startMs = performance.now();
        attended = await attendedTexts(text, { language: values.language, behindSeconds });
        heard = textOf(text.tokens).trim();
        work.alignSeconds += (performance.now() - startMs) / 1000;
        work.alignments += 1;
      },
    });
    let committed = '';
    const settle = (texts: readonly string[], atSeconds: number) => {
      for (const [i, policy] of policies.entries()) policy.add(committed + (texts[i] ?? ''), atSeconds);
    };
    const [played] = await playSessions({
      models: [observed],
      vocabulary: multilingual,
      path: sound.path,
      bytes: sound.bytes,
      options: { language: values.language, window: 'short', wordTimestamps: true },
      onEvent(event, atSeconds) {
        if (event.type === 'text-tentative') {
          work.looks += 1;
          // What earlier looks have settled is not heard again. A text that is shown otherwise than it was decoded, such as
          // one that went round in circles, is not judged.
          const place = event.text.lastIndexOf(heard);
          const judged = place < 0 ? [] : attended.map((text) => event.text.slice(0, place) + text);
          settle([event.text.slice(0, event.agreed), ...judged], atSeconds);
        }
        // What is committed is said once more, to both.
        if (event.type === 'text-committed') {
          committed += event.text;
          attended = [];
          heard = '';
          settle([], atSeconds);
        }
      },
    });
    const words: readonly Word[] = (played?.result.segments ?? []).flatMap((segment) => segment.words ?? []);
    work.seconds += sound.seconds;
    work.said += words.length;
    return policies.map((policy) => policy.judge(words));
  } finally {
    model.close();
    await rm(folder, { recursive: true });
  }
}
