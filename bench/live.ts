import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { openRecording } from '../daemon/src/cli/open-recording.ts';
import { transcribeLive } from '../daemon/src/client/live.ts';
import { transcribe } from '../daemon/src/client/transcriptions.ts';
import type { Word } from '../daemon/src/protocol/transcript.ts';
import { createNative } from '../native/index.ts';
import { type RunningDaemon, startDaemon } from '../test/e2e/support/start-daemon.ts';
import { pathOf } from '../test/engine/fork-engine.ts';
import { describeBudget } from './budgets.ts';
import { spreadOf } from './spread.ts';

const help = `npm run bench:live -- [options]

Plays a recording to live sessions in real time and measures how far their text is behind the voice.

  --recording <path>  what is played (default: 15 s of a reading)
  --sessions <n>      at the same time (default 1)
  --window <name>     full or short (default full)
  --language <code>   default: detected
`;

const samplesPerSecond = 16_000;
const piecesPerSecond = 20;

const { values } = parseArgs({
  options: {
    help: { type: 'boolean', default: false },
    recording: { type: 'string', default: pathOf('test/fixtures/audio/1688-142285-0000.flac') },
    sessions: { type: 'string', default: '1' },
    window: { type: 'string', default: 'full' },
    language: { type: 'string' },
  },
});

if (values.help) console.log(help);
else await bench();

async function bench(): Promise<void> {
  const options = {
    ...(values.language !== undefined && { language: values.language }),
    window: values.window === 'short' ? ('short' as const) : ('full' as const),
  };
  const daemon = await startDaemon();
  try {
    const recording = await openRecording(values.recording);
    const { segments, text } = await transcribe(daemon, {
      ...recording,
      options: { ...options, wordTimestamps: true },
    });
    const words = segments.flatMap((segment) => segment.words ?? []);
    const sound = readSound(values.recording);
    const played = await Promise.all(
      Array.from({ length: Number(values.sessions) }, () => play(daemon, { sound, words, options })),
    );
    const all = (pick: (each: Played) => readonly number[]) => played.flatMap(pick);
    console.log(`${words.length} words, ${played.length} sessions, window ${options.window}\n`);
    console.log(
      row(
        'first text after the first word',
        all(({ firstText }) => [firstText]),
      ),
    );
    console.log(
      row(
        'behind the voice, each word',
        all(({ behind }) => behind),
      ),
    );
    console.log(
      row(
        'final text after the end',
        all(({ finalText }) => [finalText]),
      ),
    );
    console.log(
      row(
        'transcript after the end',
        all(({ transcript }) => [transcript]),
      ),
    );
    const budget = (measure: string, limit: number, values: readonly number[]) =>
      console.log(describeBudget({ measure: `live, ${measure}`, limit, unit: ' s', measured: spreadOf(values) }));
    console.log();
    budget(
      'first text after the first word',
      1,
      all(({ firstText }) => [firstText]),
    );
    budget(
      'behind the voice',
      1.5,
      all(({ behind }) => behind),
    );
    budget(
      'final text after the end of speech',
      0.6,
      all(({ finalText }) => [finalText]),
    );
    const same = played.filter((each) => each.text === text).length;
    console.log(`\n${same} of ${played.length} sessions end with the text of the file.`);
  } finally {
    await daemon.stop();
  }
}

function readSound(path: string): Promise<Buffer> {
  const native = createNative();
  return native.openAudio({ path }).then((audio) => {
    const samples = audio.samples(0, audio.sampleCount);
    audio.close();
    return Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength);
  });
}

interface Played {
  readonly firstText: number;
  /** Of each word that was shown before the end. */
  readonly behind: readonly number[];
  /** Until all text was committed. */
  readonly finalText: number;
  /** Until the job was done, and in the history. */
  readonly transcript: number;
  readonly text: string;
}

/** Sends sound as a microphone does, and notes when each word of the reference is shown for the first time. */
async function play(
  daemon: RunningDaemon,
  request: { readonly sound: Promise<Buffer>; readonly words: readonly Word[]; readonly options: object },
): Promise<Played> {
  const { words, options } = request;
  const sound = await request.sound;
  const startMs = performance.now();
  let endMs = startMs;
  const seconds = () => (performance.now() - startMs) / 1000;
  async function* microphone() {
    const pieceBytes = (samplesPerSecond / piecesPerSecond) * 2;
    for (let place = 0; place < sound.length; place += pieceBytes) {
      const dueMs = startMs + ((place + pieceBytes) / 2 / samplesPerSecond) * 1000;
      await delay(Math.max(0, dueMs - performance.now()));
      yield sound.subarray(place, place + pieceBytes);
    }
    endMs = performance.now();
  }
  const shownAt: number[] = [];
  let finalText = Number.NaN;
  let committed = '';
  const show = (text: string) => {
    const count = text.split(/\s+/).filter((word) => word !== '').length;
    for (let i = shownAt.length; i < Math.min(count, words.length); i++) shownAt.push(seconds());
  };
  for await (const event of transcribeLive(daemon, {
    audio: microphone(),
    options: { ...options, rate: samplesPerSecond },
  })) {
    if (event.type === 'text-tentative') show(committed + event.text);
    if (event.type === 'text-committed') {
      committed += event.text;
      show(committed);
      finalText = (performance.now() - endMs) / 1000;
    }
    if (event.type === 'job-done') {
      const behind = shownAt.map((at, i) => at - (words[i]?.end ?? 0));
      const [firstText = Number.NaN] = behind;
      const transcript = (performance.now() - endMs) / 1000;
      return { firstText, behind, finalText, transcript, text: event.result.text };
    }
  }
  throw new Error('Expected a transcript, got the end of the events.');
}

function row(title: string, values: readonly number[]): string {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number) =>
    (sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0).toFixed(2);
  return `${title.padEnd(34)} median ${at(0.5)} s, 90 % ${at(0.9)} s, at most ${at(1)} s`;
}
