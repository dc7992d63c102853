import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { NativeModel } from '@hearth/native';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createDictionary } from '../../daemon/src/dictionary/create-dictionary.ts';
import type { ModelResidency } from '../../daemon/src/engine/model-residency.ts';
import { createVoiceActivity } from '../../daemon/src/engine/voice-activity.ts';
import type { EngineEvent } from '../../daemon/src/protocol/engine-messages.ts';
import { wavHeader } from '../../daemon/src/server/http/live/wav-header.ts';
import { loadEmbeddedModel, multilingual, native } from './support/embedded-model.ts';
import { playLive } from './support/play-live.ts';
import { recordingPath } from './support/recordings.ts';
import { hum, type Sound, typing, whiteNoise } from './support/sounds-without-speech.ts';
import { withTemporaryFolder } from './support/temporary-folder.ts';
import { transcribeRecording } from './support/transcribe-recording.ts';
import { wavOf } from './support/wav-of.ts';

const rate = 16_000;
const headerBytes = 44;
const voiceActivity = createVoiceActivity(native);
let model: NativeModel;
let residency: ModelResidency;

beforeAll(async () => {
  model = await loadEmbeddedModel();
  const description = { name: 'embedded', batchSize: 1 };
  residency = {
    use: async () => ({ model, vocabulary: multilingual, description, release: async () => undefined }),
  } as never;
});

afterAll(() => model.close());

async function samplesOf(file: string): Promise<number[]> {
  const audio = await native.openAudio({ path: recordingPath(file) });
  const samples = Array.from(audio.samples(0, audio.sampleCount));
  audio.close();
  return samples;
}

const silence = (seconds: number) => new Array<number>(seconds * rate).fill(0);

function wavFrom(samples: readonly number[]): Buffer {
  return wavOf((i) => samples[i] as number, samples.length);
}

/** What a file of some samples says. */
function textAsFile(samples: readonly number[], language: string): Promise<string> {
  return withTemporaryFolder(async (folder) => {
    const file = join(folder, 'part.wav');
    await writeFile(file, wavFrom(samples));
    const network = await voiceActivity.network();
    const { text } = await transcribeRecording({
      model,
      vocabulary: multilingual,
      file,
      options: { language },
      voiceActivity: network,
    });
    return text;
  });
}

function ofType<Type extends EngineEvent['type']>(events: readonly EngineEvent[], type: Type) {
  return events.filter((event): event is Extract<EngineEvent, { type: Type }> => event.type === type);
}

test('a recording that comes in pieces says in the end what its file says, and shows text before', async () => {
  const samples = await samplesOf('librispeech_1995-1837-0001.wav');
  const { events, result } = await playLive({ residency, voiceActivity, wav: wavFrom(samples), bytesAtATime: 96_000 });
  expect(result.text).toBe(await textAsFile(samples, 'en'));
  expect(
    ofType(events, 'text-committed')
      .map(({ text }) => text)
      .join(''),
  ).toBe(result.text);
  expect(ofType(events, 'text-tentative').length).toBeGreaterThan(1);
  expect(result.language).toBe('en');
  expect(result.duration).toBeCloseTo(samples.length / rate, 5);
});

test('a look that somebody ends his turn in is given up, as is what is prepared in a pause, and costs no word', async () => {
  const samples = [...(await samplesOf('1688-142285-0002.flac')), ...silence(1.5)];
  const { events, result } = await playLive({
    ...{ residency, voiceActivity, wav: wavFrom(samples), bytesAtATime: 24_000, options: { language: 'en' } },
    endsDuringLooks: true,
  });
  expect(ofType(events, 'text-tentative')).toEqual([]);
  expect(result.text).toBe(await textAsFile(samples, 'en'));
});

test('ten sessions at a time share the runs of the decoder', async () => {
  const wav = wavFrom(await samplesOf('1688-142285-0002.flac'));
  const runsOf = async (sessions: number) => {
    const before = model.counters.decoderSteps;
    const played = Array.from({ length: sessions }, () =>
      playLive({ residency, voiceActivity, wav, bytesAtATime: 48_000, options: { language: 'en' } }),
    );
    const texts = (await Promise.all(played)).map(({ result }) => result.text);
    return { runs: model.counters.decoderSteps - before, texts };
  };
  const alone = await runsOf(1);
  const together = await runsOf(10);
  expect(together.texts).toEqual(new Array(10).fill(alone.texts[0]));
  // Each text begins with a run for its own draft, as soon as its window is encoded.
  expect(together.runs).toBeLessThan((10 * alone.runs) / 2);
});

test('long pauses end utterances, each of which says what its samples say as a file', async () => {
  const first = await samplesOf('1688-142285-0002.flac');
  const second = await samplesOf('3331-159605-0004.flac');
  const samples = [...silence(1), ...first, ...silence(3), ...second, ...silence(3)];
  const { events, result } = await playLive({ residency, voiceActivity, wav: wavFrom(samples), bytesAtATime: 64_000 });
  const committed = ofType(events, 'text-committed');
  expect(committed).toHaveLength(2);
  for (const { startSeconds, endSeconds, text } of committed) {
    const part = samples.slice(Math.round(startSeconds * rate), Math.round(endSeconds * rate));
    expect(text).toBe(await textAsFile(part, 'en'));
  }
  expect(committed.map(({ text }) => text).join('')).toBe(result.text);
  const shape = events.map(({ type }) => type).filter((type) => /^(speech|utterance|text-committed)/.test(type));
  const utterance = ['speech-started', 'speech-stopped', 'text-committed', 'utterance-done'];
  expect(shape).toEqual([...utterance, ...utterance]);
  const starts = result.segments.map(({ start }) => start);
  expect(starts).toEqual(starts.toSorted((a, b) => a - b));
  expect(result.segments.map(({ id }) => id)).toEqual(starts.map((_, i) => i));
});

test('sound that is sent faster than it is heard stays on disk', async () => {
  const said = (await samplesOf('librispeech_1995-1837-0001.wav')).filter((_, i) => i % 2 === 0);
  const samples = Array.from({ length: 23 }, () => said).flat();
  const wav = Buffer.concat([
    wavHeader({ encoding: 's16', rate: 8000, channels: 1 }),
    wavFrom(samples).subarray(headerBytes),
  ]);
  let [held, forgotten] = [0, 0];
  const played = playLive({
    ...{ residency, voiceActivity, wav, bytesAtATime: wav.length, options: { language: 'en' } },
    onGrowing(growing) {
      const [append, forget] = [growing.append.bind(growing), growing.forget.bind(growing)];
      growing.append = (bytes) => {
        append(bytes);
        held = Math.max(held, growing.sampleCount - forgotten);
      };
      growing.forget = (before) => {
        forget(before);
        forgotten = Math.max(forgotten, before);
      };
    },
    onEvent({ type }) {
      if (type === 'text-committed') throw new Error('Enough was heard.');
    },
  });
  await expect(played).rejects.toThrow('Enough was heard.');
  expect(held / rate).toBeGreaterThan(60);
  expect(held / rate).toBeLessThan(100);
});

test('silence, noise, typing, hum and music commit nothing, and give no prompt and no dictionary back', async () => {
  const noise = await samplesOf('sb_noise2.wav');
  const music = (await samplesOf('music_prelude.ogg')).slice(0, 10 * rate);
  const secondsOf = (sound: Sound, seconds: number) => Array.from({ length: seconds * rate }, (_, i) => sound(i));
  const others = [secondsOf(whiteNoise(-20), 5), secondsOf(typing(), 5), secondsOf(hum(50), 5), music].flat();
  const samples = [...silence(2), ...noise, ...others, ...silence(2)];
  const options = { initialPrompt: 'Minutes of the meeting of the harbour board.', hotwords: 'Hearth, Wentworth' };
  const { events, result } = await playLive({
    residency,
    voiceActivity,
    wav: wavFrom(samples),
    bytesAtATime: 64_000,
    options,
    dictionary: createDictionary(['Kubernetes', 'Tilney', 'Hush', 'Tik Tok'].map((word) => ({ word }))),
  });
  expect(ofType(events, 'text-committed')).toEqual([]);
  expect(result.text).toBe('');
  expect(result.warning_codes).toEqual(['no-speech']);
});

test('a client that says itself where an utterance ends gets what its samples say as a file', async () => {
  const first = await samplesOf('1688-142285-0002.flac');
  const second = await samplesOf('3331-159605-0004.flac');
  const wav = wavFrom([...first, ...second]);
  const atByte = headerBytes + first.length * 2;
  const { events } = await playLive({
    ...{ residency, voiceActivity, wav, bytesAtATime: 48_000, options: { language: 'en' } },
    turns: { detection: 'marks', silenceSeconds: null, paddingSeconds: null },
    marks: [{ type: 'commit', atByte }],
  });
  const texts = ofType(events, 'text-committed').map(({ text }) => text);
  expect(texts).toEqual([await textAsFile(first, 'en'), await textAsFile(second, 'en')]);
  expect(ofType(events, 'utterance-done')).toHaveLength(2);
});

test('what a part says comes in one message with what it ends, so that no engine dies between them', async () => {
  const wav = wavFrom([...(await samplesOf('1688-142285-0002.flac')), ...silence(3)]);
  const { messages } = await playLive({ residency, voiceActivity, wav, bytesAtATime: 64_000 });
  const together = messages.map((message) => [message].flat().map(({ type }) => type));
  const committing = together.filter((types) => types.includes('text-committed'));
  expect(committing).toEqual([['language-detected', 'segments-decoded', 'text-committed', 'utterance-done']]);
  for (const type of committing.flat()) expect(together.flat().filter((other) => other === type)).toHaveLength(1);
});

test('what is committed has the names of the dictionary', async () => {
  const samples = await samplesOf('librispeech_198-209-0000.ogg');
  // As far as "in my calling": the name is at its beginning.
  const wav = wavFrom(samples.slice(0, 5 * rate));
  const options = { language: 'en' };
  const dictionary = createDictionary([{ word: 'Catherine' }, { word: 'Kubernetes' }]);
  const { result } = await playLive({ residency, voiceActivity, wav, bytesAtATime: 160_000, options, dictionary });
  expect(result.text).toContain('said Catherine');
  expect(result.text).not.toContain('Kubernetes');
});
