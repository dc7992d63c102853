import { existsSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import { basename, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { describeBudget, readBudgets } from './budgets.ts';
import { measureCliStart } from './cli-start.ts';
import type { Contender, Peer } from './contender.ts';
import { hearthDaemon } from './contenders/hearth-daemon.ts';
import { hearthEngine, measureEngineStart } from './contenders/hearth-engine.ts';
import { fasterWhisper, mlxWhisper, openAiWhisper, transcribeCpp } from './contenders/python-peers.ts';
import { whisperCpp } from './contenders/whisper-cpp.ts';
import { type Measured, measureInterleaved } from './measure.ts';
import { runOtherBudgets } from './other-budgets.ts';
import { markdownTable } from './table.ts';
import { writeBudgets, writeRecording } from './write-results.ts';

const help = `npm run bench -- [options]

Compares Hearth with other engines on the same recordings, in turn, with the weights of the embedded model. Other engines
are installed into build/bench when they are first needed (openai-whisper takes 6 GB, because PyTorch includes CUDA).

  --quick               only use the short recording, 3 rounds and faster-whisper
  --peers <list>        faster-whisper, openai-whisper, mlx-whisper, transcribe-cpp, or none (default: all, or
                        faster-whisper with --quick)
  --recording <path>    use this recording instead of the two usual ones; the long one is only for engines with batches
  --rounds <number>     rounds for the short recording (default 10); the long one gets a third of them
  --threads <number>    threads for every engine (default: one per core)
  --whisper-cpp <path>  whisper.cpp's whisper-server, built for this machine
  --ggml <path>         model for whisper.cpp
  --all                 also those budgets that have scripts of their own: live text, clips beside bulk jobs and memory
                        after 1,000 requests (about half an hour more); those of a GPU: bench/gpu/README.md
  --publish             write the results to bench/results, where the documentation shows them
`;

const peers = {
  'faster-whisper': fasterWhisper,
  'openai-whisper': openAiWhisper,
  'mlx-whisper': mlxWhisper,
  'transcribe-cpp': transcribeCpp,
};
const startRounds = 5;

const { values } = parseArgs({
  options: {
    help: { type: 'boolean', default: false },
    quick: { type: 'boolean', default: false },
    peers: { type: 'string' },
    recording: { type: 'string' },
    rounds: { type: 'string' },
    threads: { type: 'string', default: String(availableParallelism()) },
    'whisper-cpp': { type: 'string' },
    ggml: { type: 'string' },
    all: { type: 'boolean', default: false },
    publish: { type: 'boolean', default: false },
  },
});

if (values.help) console.log(help);
else await bench();

async function bench(): Promise<void> {
  const threads = wholeNumber('--threads', values.threads);
  const rounds = wholeNumber('--rounds', values.rounds ?? (values.quick ? '3' : '10'));
  const started: Peer[] = [];
  const closeAll = () => Promise.all(started.splice(0).map((peer) => peer.close()));
  // A daemon keeps running without its parent.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void closeAll().finally(() => process.exit(130)));
  }
  const [load = 0] = loadavg();
  if (load > 0.5) {
    console.log(
      `Other work is going on (load ${load.toFixed(1)}): times will be too long, ratios and CPU seconds nearly right.`,
    );
  }
  try {
    for (const start of startersOf(threads)) started.push(await start());
    const contenders = started.flatMap((peer) => peer.contenders);
    const recordings = [];
    for (const recording of recordingsOf(rounds)) {
      const taking = started.flatMap((peer) => contendersFor(peer, recording));
      console.log(`\n${recording.title}: ${recording.rounds} rounds, ${threads} threads\n`);
      const measured = await measureInterleaved({ ...recording, contenders: taking, recording: recording.path });
      console.log(markdownTable(measured, baselineOf(measured)));
      recordings.push({ ...recording, measured });
      await writeRecording({ publish: values.publish, title: recording.title, file: recording.file, measured });
    }
    const budgets = readBudgets({
      short: recordings.find(({ file }) => file === 'short')?.measured ?? [],
      long: recordings.find(({ file }) => file === 'long')?.measured ?? [],
      overhead: await measureOverhead(contenders, rounds),
      ...(await measureStarts(threads)),
    });
    console.log(`\nBudgets\n\n${budgets.map(describeBudget).join('\n')}`);
    const folder = await writeBudgets({ publish: values.publish, threads, budgets });
    console.log(`\nAll figures and plots: ${folder}`);
  } finally {
    await closeAll();
  }
  if (values.all) runOtherBudgets();
}

/** The long recording is for contenders that decode windows together; a recording given by the user is for all. */
function contendersFor(peer: Peer, recording: { readonly file: string }): readonly Contender[] {
  if (recording.file === 'short') return peer.contenders.filter(({ longOnly }) => !longOnly);
  const hasBatches = peer.contenders.some(({ longOnly }) => longOnly);
  const ofAnyLength = peer.contenders.filter(({ shortOnly }) => !shortOnly);
  return ofAnyLength.filter(({ isVerySlow }) => (recording.file === 'own' ? !isVerySlow : hasBatches));
}

/** Hearth comes first, then the others in the given order. */
function startersOf(threads: number): (() => Promise<Peer>)[] {
  const names = (values.peers ?? (values.quick ? 'faster-whisper' : Object.keys(peers).join(','))).split(',');
  const named = names
    .filter((name) => name !== 'none')
    .map((name) => {
      if (!(name in peers)) throw new Error(`Expected --peers of ${Object.keys(peers).join(', ')}, got ${name}.`);
      return () => peers[name as keyof typeof peers]({ threads });
    });
  const { 'whisper-cpp': server, ggml: model } = values;
  if ((server === undefined) !== (model === undefined)) throw new Error('Expected --whisper-cpp and --ggml together.');
  const cpp = server !== undefined && model !== undefined ? [() => whisperCpp({ threads, server, model })] : [];
  return [
    () => hearthDaemon({ threads, arithmetic: 'exact' }),
    () => hearthEngine({ threads }),
    () => hearthDaemon({ threads, arithmetic: 'int8' }),
    ...named,
    ...cpp,
  ];
}

function recordingsOf(rounds: number) {
  if (values.recording !== undefined) {
    const path = resolve(values.recording);
    if (!existsSync(path)) throw new Error(`Expected a recording at ${path}, got nothing there.`);
    return [{ title: basename(path), file: 'own', path, rounds }];
  }
  const short = {
    title: 'jfk.flac, 11 s',
    file: 'short',
    path: pathOf('../assets/samples/jfk.flac'),
    rounds,
  };
  const path = pathOf('../test/fixtures/audio/LJ001-long.mp3');
  const long = { title: 'LJ001-long.mp3, 3.7 min', file: 'long', path, rounds: Math.ceil(rounds / 3) };
  return values.quick ? [short] : [short, long];
}

function baselineOf(measured: readonly Measured[]): Measured | undefined {
  return measured.find(({ name }) => name === 'faster-whisper int8') ?? measured.at(-1);
}

/** The daemon and its engine alone, on a recording so short that the difference shows. */
async function measureOverhead(contenders: readonly Contender[], rounds: number): Promise<readonly Measured[]> {
  const own = contenders.filter(({ name }) => name === "Hearth's daemon" || name === "Hearth's engine alone");
  const recording = pathOf('../test/fixtures/audio/picovoice_leopard_de.wav');
  console.log('\nThe daemon around its engine');
  return measureInterleaved({ contenders: own, recording, rounds: rounds * 2 });
}

async function measureStarts(threads: number) {
  const cliStartSeconds: number[] = [];
  const engineStartSeconds: number[] = [];
  for (let round = 0; round < startRounds; round += 1) {
    cliStartSeconds.push(await measureCliStart(pathOf('../assets/samples/jfk.flac')));
    engineStartSeconds.push(await measureEngineStart({ threads }));
  }
  return { cliStartSeconds, engineStartSeconds };
}

function wholeNumber(flag: string, text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1)
    throw new Error(`Expected ${flag} to be a whole number from 1 on, got ${text}.`);
  return number;
}

function pathOf(relative: string): string {
  return fileURLToPath(new URL(relative, import.meta.url));
}
