import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NativeComingAudio, NativeVoiceActivity } from '@hearth/native';
import { holdDecoding } from '@hearth/native/testing';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { resolveOptions } from '../../daemon/src/protocol/options/resolve-options.ts';
import { transcribe } from '../../daemon/src/whisper/transcribe.ts';
import type { Segment, TranscribeEvent } from '../../daemon/src/whisper/transcript.ts';
import { buildWavFile } from './audio-wav-file.ts';
import { pathOf } from './fork-engine.ts';
import { loadEmbeddedModel, multilingual, native, sessionOf } from './support/embedded-model.ts';
import { recordingPath } from './support/recordings.ts';
import { type RememberingModel, rememberEncodings } from './support/remember-encodings.ts';
import { wavOf } from './support/wav-of.ts';

const sampleRateHz = 16_000;
/** The first sentence is over, and the second one has been heard. */
const heldSeconds = 55;
let model: RememberingModel;
let voiceActivity: NativeVoiceActivity;
let folder: string;
let speech: Int16Array;
let path: string;

beforeAll(async () => {
  model = rememberEncodings(await loadEmbeddedModel());
  voiceActivity = await native.loadVoiceActivity({ path: pathOf('assets/vad/silero_vad_16k.safetensors') });
  folder = await mkdtemp(join(tmpdir(), 'hearth-streaming-'));
  speech = await samplesOf('jfk.flac');
  path = join(folder, 'two sentences.wav');
  const other = await samplesOf('3331-159605-0006.flac');
  const places = [
    { samples: speech, at: sampleRateHz },
    { samples: other, at: 40 * sampleRateHz },
  ];
  const at = (i: number) => places.reduce((sum, place) => sum + (place.samples[i - place.at] ?? 0), 0);
  await writeFile(path, wavOf(at, 75 * sampleRateHz));
});

afterEach(() => holdDecoding(null));

afterAll(async () => {
  voiceActivity.close();
  model.close();
  await rm(folder, { recursive: true });
});

async function samplesOf(file: string): Promise<Int16Array> {
  const audio = await native.openAudio({ path: recordingPath(file) });
  const samples = audio.samples(0, audio.sampleCount);
  audio.close();
  return samples;
}

function begin(signal?: AbortSignal): Promise<NativeComingAudio> {
  return native.beginAudio({ path, listeners: { voiceActivity, model: null }, signal });
}

/** The steps of a transcription, whose session goes when they end. */
async function* steps(audio: NativeComingAudio, signal?: AbortSignal): AsyncGenerator<TranscribeEvent, string> {
  const session = model.session({ priority: 'interactive', voiceActivity, signal });
  try {
    const options = resolveOptions({ language: 'en', temperature: [0] });
    const transcript = yield* transcribe({
      model: session,
      vocabulary: multilingual,
      audio,
      options,
      windowsAtATime: 2,
    });
    return transcript.text;
  } finally {
    session.close();
    audio.close();
  }
}

const segmentsOf = (event: TranscribeEvent): readonly Segment[] =>
  event.type === 'segments-decoded' ? event.segments : [];

async function finish(events: AsyncGenerator<TranscribeEvent, string>) {
  const segments: Segment[] = [];
  for (;;) {
    const { done, value } = await events.next();
    if (done === true) return { segments, text: value };
    segments.push(...segmentsOf(value));
  }
}

test('the first text comes before the end is decoded, and all of it is what a whole recording says', async () => {
  holdDecoding(heldSeconds * sampleRateHz);
  const coming = await begin();
  let isWhole = false;
  const whole = coming.whole().then(() => {
    isWhole = true;
  });
  const events = steps(coming);
  const first = await events.next();
  const firstSegments = segmentsOf(first.value as TranscribeEvent);
  expect(firstSegments[0]?.text).toMatch(/fellow Americans/);
  expect(isWhole).toBe(false);
  holdDecoding(null);
  const rest = await finish(events);
  await whole;
  const known = await finish(steps(await native.openAudio({ path })));
  expect([...firstSegments, ...rest.segments]).toEqual(known.segments);
  expect(rest.text).toBe(known.text);
  expect(known.segments.at(-1)?.startSeconds).toBeGreaterThan(39);
});

test('cancelling ends a recording in the middle', async () => {
  holdDecoding(heldSeconds * sampleRateHz);
  const abort = new AbortController();
  const coming = await begin(abort.signal);
  const whole = expect(coming.whole()).rejects.toMatchObject({ code: 'CANCELLED' });
  const events = steps(coming, abort.signal);
  await events.next();
  abort.abort();
  holdDecoding(null);
  await expect(finish(events)).rejects.toMatchObject({ code: 'CANCELLED' });
  await whole;
});

test('whoever closes a recording ends its decoding, and what waits for the rest is told', async () => {
  holdDecoding(heldSeconds * sampleRateHz);
  const coming = await begin();
  const session = sessionOf(model, voiceActivity);
  const all = 75 * sampleRateHz;
  const waiting = [coming.whole(), coming.reach(all), session.speechFrom(coming, Math.floor(all / 512) - 1)];
  const outcomes = waiting.map((each) => expect(each).rejects.toMatchObject({ code: 'CANCELLED' }));
  expect(await coming.reach(1)).toBeGreaterThanOrEqual(1);
  coming.close();
  holdDecoding(null);
  await Promise.all(outcomes);
  session.close();
});

test('a window that is not decoded yet is not encoded', async () => {
  holdDecoding(heldSeconds * sampleRateHz);
  const coming = await begin();
  await coming.reach(heldSeconds * sampleRateHz);
  const session = sessionOf(model, voiceActivity);
  const window = { audio: coming, startFrame: 3000, frameCount: 3000 };
  await expect(session.encode({ ...window, loudest: 'of-window' })).rejects.toMatchObject({ code: 'INTERNAL' });
  await expect(session.encode({ ...window, startFrame: 0 })).rejects.toMatchObject({ code: 'INTERNAL' });
  session.close();
  coming.close();
});

test('channels that cancel each other out later are heard as one of them from there on', async () => {
  const loud = (i: number) => speech[i % speech.length] as number;
  const inverted = 30 * sampleRateHz;
  const frames = Array.from({ length: 65 * sampleRateHz }, (_, i) => [loud(i), i < inverted ? loud(i) : -loud(i)]);
  const stereo = join(folder, 'inverted later.wav');
  await writeFile(stereo, buildWavFile({ channels: 2, data: Buffer.from(Int16Array.from(frames.flat()).buffer) }));
  const audio = await native.openAudio({ path: stereo });
  expect(audio.warnings).toMatchObject([{ code: 'inverted-channels' }]);
  const heard = audio.samples(0, audio.sampleCount);
  const expected = Int16Array.from(frames, ([left]) => left as number);
  // A stretch of 30 s ends with a block of the decoder.
  const after = inverted + sampleRateHz;
  const isSame = (from: number, to: number) =>
    expected.slice(from, to).every((sample, i) => sample === heard[from + i]);
  expect([isSame(0, inverted), isSame(after, expected.length)]).toEqual([true, true]);
  audio.close();
});
