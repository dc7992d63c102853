import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { NativeModel } from '@hearth/native';
import { loadModelForced } from '@hearth/native/testing';
import { assetsFolder } from '../daemon/src/models/embedded-assets.ts';
import { multilingual } from '../test/engine/support/embedded-model.ts';
import { recordingPath } from '../test/engine/support/recordings.ts';
import { readVocabulary } from '../test/engine/support/vocabulary.ts';
import { observedModel } from './live/observed-model.ts';
import { type PlayRequest, playSessions } from './live/play-sessions.ts';
import { type WrittenSound, writeSound } from './live/write-sound.ts';
import { residentMemoryBytes } from './process-memory.ts';

const help = `node --disable-warning=ExperimentalWarning bench/live-load.ts [options]

What live sessions ask of the model, counted: recordings one after the other, again and again, for so many minutes, which
come as fast as a session takes them. Each line is a part of that time. With several sessions, the decoder's runs for all
of them are compared with those that each takes part in.

  --minutes <n>       of sound (default 1)
  --parts <n>         lines (default 6)
  --sessions <n>      at the same time (default 1)
  --piece <seconds>   of sound that comes at a time: the smaller, the more looks (default 1)
  --model <folder>    another model than the embedded one
  --recordings <list> paths, separated by commas (default: three readings of the tests)
`;

const { values } = parseArgs({
  options: {
    help: { type: 'boolean', default: false },
    minutes: { type: 'string', default: '1' },
    parts: { type: 'string', default: '6' },
    sessions: { type: 'string', default: '1' },
    piece: { type: 'string', default: '1' },
    model: { type: 'string', default: join(assetsFolder, 'models', 'whisper-base-4bit') },
    recordings: { type: 'string' },
  },
});

interface Work {
  windows: number;
  windowSeconds: number;
  runs: number;
  tokens: number;
}

if (values.help) console.log(help);
else await bench();

async function bench(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'hearth-bench-'));
  const model = await loadModelForced({ folder: values.model });
  try {
    const defaults = ['librispeech-1688-joined.flac', 'LJ001-long.mp3', 'whisperkit_VADAudio.flac'];
    const recordings = values.recordings?.split(',') ?? defaults.map(recordingPath);
    const seconds = Number(values.minutes) * 60;
    await play(model, await writeSound({ folder, recordings, pauseSeconds: 1, seconds }));
  } finally {
    model.close();
    await rm(folder, { recursive: true });
  }
}

async function play(model: NativeModel, sound: WrittenSound): Promise<void> {
  const parts = Number(values.parts);
  const done: Work = { windows: 0, windowSeconds: 0, runs: 0, tokens: 0 };
  const observed = observedModel(model, {
    encoded({ windowFrames = 3000 }) {
      done.windows += 1;
      done.windowSeconds += windowFrames / 100;
    },
    async decoded({ tokens }) {
      done.tokens += tokens.length;
    },
  });
  let before: Work = { ...done };
  let part = 1;
  console.log('until (s)  windows  seconds encoded  decoder runs  tokens  memory (MB)');
  const report = () => {
    done.runs = model.counters.decoderSteps;
    const until = ((part * sound.seconds) / parts).toFixed(0);
    const cells = [
      until.padStart(9),
      String(done.windows - before.windows).padStart(7),
      (done.windowSeconds - before.windowSeconds).toFixed(0).padStart(15),
      String(done.runs - before.runs).padStart(12),
      String(done.tokens - before.tokens).padStart(6),
      ((residentMemoryBytes([process.pid]) ?? 0) / 1e6).toFixed(0).padStart(11),
    ];
    console.log(cells.join('  '));
    before = { ...done };
    part += 1;
  };
  const onEvent: PlayRequest['onEvent'] = (_, atSeconds) => {
    while (part < parts && atSeconds >= (part * sound.seconds) / parts) report();
  };
  const sessions = Number(values.sessions);
  const startMs = performance.now();
  const played = await playSessions({
    models: Array.from({ length: sessions }, () => observed),
    vocabulary: model.dimensions.vocabularySize > 51_864 ? multilingual : readVocabulary('gpt2', 51_864),
    path: sound.path,
    bytes: sound.bytes,
    options: { language: 'en' },
    pieceSeconds: Number(values.piece),
    workTakesTime: false,
    onEvent,
  });
  report();
  const own = played.reduce((sum, { result }) => sum + (result.timings?.decoder_steps ?? 0), 0);
  const took = (performance.now() - startMs) / 1000;
  console.log(`\n${sound.seconds.toFixed(0)} s of sound for each of ${sessions} sessions took ${took.toFixed(0)} s.`);
  console.log(`Together they took part in ${own} decoder runs; the model made ${model.counters.decoderSteps}.`);
}
