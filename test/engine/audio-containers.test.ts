import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createNative, type NativeAudio } from '@hearth/native';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { openWhole } from './support/open-whole.ts';
import { recordingPath } from './support/recordings.ts';
import { testConverters } from './support/test-converters.ts';

/** Containers and their clocks as ffmpeg writes them, through a real converter and the real engine. */
const [converter] = await testConverters();
const native = createNative();
const jfk = recordingPath('jfk.flac');
const jfkSeconds = 11;
const still = ['-f', 'lavfi', '-i', 'color=black:s=64x64:r=5:d=18'];
const describeWhere = converter === undefined ? describe.skip : describe;

/** The pinned ffmpeg does, on every one. */
const crashesOnTransportStreams = converter?.executable.includes('imageio') === true;

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hearth-containers-'));
});

afterEach(() => rm(folder, { recursive: true }));

/** Writes a recording with ffmpeg; the words stand between its inputs and its output. */
function make(name: string, words: readonly string[], inputs: readonly string[] = ['-i', jfk]): string {
  const path = join(folder, name);
  execFileSync(converter?.executable ?? '', ['-nostdin', '-v', 'error', '-y', ...inputs, ...words, path]);
  return path;
}

async function open(path: string, audioTrack?: string, audioChannels?: string) {
  return await openWhole({
    native,
    path,
    temporaryFolder: folder,
    minFreeDiskBytes: 0,
    ...(converter === undefined ? {} : { findConverters: async () => [converter] }),
    ...(audioTrack === undefined ? {} : { audioTrack }),
    ...(audioChannels === undefined ? {} : { audioChannels }),
  });
}

/** When the recording is first louder than a fiftieth of full scale. */
function firstSoundSeconds(audio: NativeAudio): number {
  return audio.samples(0, audio.sampleCount).findIndex((sample) => Math.abs(sample) > 650) / 16_000;
}

const speechBegins = 0.08;
describeWhere('a container that the engine has no name for', () => {
  const fragmented = ['-movflags', 'frag_keyframe+empty_moov+default_base_moof'];
  const uuid = Buffer.concat([Buffer.from('\0\0\0\x18uuid'), Buffer.alloc(16, 7)]);

  test.each<{ name: string; words: readonly string[]; inputs?: readonly string[]; cut?: number; before?: Buffer }>([
    {
      name: 'x.mxf',
      words: ['-map', '0', '-map', '1', '-c:v', 'mpeg2video', '-r', '25', '-ar', '48000'],
      inputs: [...still, '-i', jfk],
    },
    { name: 'x.nut', words: ['-c:a', 'flac'] },
    { name: 'x.truehd', words: ['-strict', '-2', '-c:a', 'truehd', '-ar', '48000', '-f', 'truehd'] },
    { name: 'x.sox', words: ['-f', 'sox'] },
    { name: 'x.sf', words: ['-f', 'ircam'] },
    { name: 'free.mp4', words: fragmented, before: Buffer.from('\0\0\0\x08free') },
    { name: 'skip.mp4', words: fragmented, before: Buffer.from('\0\0\0\x0cskip1234') },
    { name: 'uuid.mp4', words: fragmented, before: uuid },
    { name: 'styp.mp4', words: fragmented, before: Buffer.from('\0\0\0\x10stypmsdh\0\0\0\0') },
    { name: 'cut.aac', words: ['-f', 'adts'], cut: 1111 },
    { name: 'cut.ac3', words: ['-f', 'ac3'], cut: 1111 },
    { name: 'cut.dts', words: ['-strict', '-2', '-c:a', 'dca', '-ar', '48000', '-ac', '2', '-f', 'dts'], cut: 1111 },
    { name: 'cut.mpg', words: ['-c:a', 'mp2', '-f', 'vob'], cut: 1111 },
    { name: 'zeros.mp3', words: ['-b:a', '64k'], before: Buffer.alloc(100_000) },
  ])('$name is read', async ({ name, words, inputs = ['-i', jfk], cut = 0, before = Buffer.alloc(0) }) => {
    const path = make(name, words, inputs);
    await writeFile(path, Buffer.concat([before, (await readFile(path)).subarray(cut)]));
    const {
      sounds: [{ audio }],
    } = await open(path);
    expect(audio.durationSeconds).toBeGreaterThan(jfkSeconds - 1);
    expect(audio.peakAmplitude).toBeGreaterThan(0.5);
    audio.close();
  });

  (crashesOnTransportStreams ? test.skip : test).each([
    { name: 'packets of 192 bytes', words: ['-mpegts_m2ts_mode', '1'], cut: 0 },
    { name: 'a start within a packet', words: [], cut: 60 },
  ])('an MPEG transport stream with $name is read', async ({ words, cut }) => {
    const path = make('x.ts', ['-c:a', 'ac3', ...words, '-f', 'mpegts']);
    await writeFile(path, (await readFile(path)).subarray(cut));
    const {
      sounds: [{ audio }],
    } = await open(path);
    expect(audio.durationSeconds).toBeGreaterThan(jfkSeconds - 1);
    expect(audio.peakAmplitude).toBeGreaterThan(0.5);
    audio.close();
  });
});

describeWhere("the container's clock", () => {
  test.each([
    ['late.mkv', []],
    ['late.webm', ['-c:v', 'libvpx', '-c:a', 'libopus']],
    ['late.mp4', []],
    ['late.mov', []],
  ] as const)('speech that begins 5 s into %s begins there', async (name, words) => {
    const {
      sounds: [{ audio }],
      warnings,
    } = await open(make(name, words, [...still, '-itsoffset', '5', '-i', jfk]));
    expect(firstSoundSeconds(audio)).toBeCloseTo(5 + speechBegins, 0.5);
    expect(warnings).toEqual([]);
    audio.close();
  });

  test.each(['late.mka', 'late.m4a'])('so does speech in %s, which has no picture before it', async (name) => {
    const {
      sounds: [{ audio }],
    } = await open(make(name, [], ['-itsoffset', '5', '-i', jfk]));
    expect(firstSoundSeconds(audio)).toBeCloseTo(5 + speechBegins, 0.5);
    audio.close();
  });

  test.each([
    ['late.ogv', ['-c:v', 'libtheora', '-c:a', 'libvorbis']],
    ...(crashesOnTransportStreams ? [] : [['late.ts', ['-c:v', 'mpeg2video', '-r', '25', '-c:a', 'mp2']] as const]),
  ] as const)('so does speech in %s, whose clock may begin at any time', async (name, words) => {
    const {
      sounds: [{ audio }],
    } = await open(make(name, words, [...still, '-itsoffset', '5', '-i', jfk]));
    expect(firstSoundSeconds(audio)).toBeCloseTo(5 + speechBegins, 0.5);
    audio.close();
  });

  test('a hole in the timestamps is silence', async () => {
    const path = make('hole.mkv', ['-af', 'asetpts=PTS+gte(T\\,5)*10/TB', '-c:a', 'pcm_s16le']);
    const {
      sounds: [{ audio }],
    } = await open(path);
    expect(audio.durationSeconds).toBeCloseTo(jfkSeconds + 10, 0.5);
    const hole = audio.samples(6 * 16_000, 8 * 16_000);
    expect(hole.every((sample) => sample === 0)).toBe(true);
    audio.close();
  });

  test('a time of day as the clock is no silence before the recording', async () => {
    const {
      sounds: [{ audio }],
    } = await open(make('day.mka', ['-c:a', 'flac'], ['-itsoffset', '40000', '-i', jfk]));
    expect(audio.durationSeconds).toBeCloseTo(jfkSeconds, 0.5);
    audio.close();
  });

  test.each(['jfk_441khz.m4a', 'jfk_opus.webm', 'watson_weather.webm', 'brooklyn.mp4'])(
    '%s, which has no gaps, gives the samples that load_audio of openai/whisper has',
    async (file) => {
      const path = recordingPath(file);
      const reference = execFileSync(converter?.executable ?? '', [
        ...[
          '-nostdin',
          '-v',
          'error',
          '-i',
          path,
          '-f',
          's16le',
          '-ac',
          '1',
          '-acodec',
          'pcm_s16le',
          '-ar',
          '16000',
          '-',
        ],
      ]);
      const expected = new Int16Array(reference.buffer, reference.byteOffset, reference.length / 2);
      const {
        sounds: [{ audio }],
      } = await open(path);
      expect(audio.sampleCount).toBe(expected.length);
      const samples = audio.samples(0, audio.sampleCount);
      // The engine rounds the mean of two channels that ffmpeg has rounded already.
      const farthest = samples.reduce(
        (most, sample, index) => Math.max(most, Math.abs(sample - (expected[index] ?? 0))),
        0,
      );
      expect(farthest).toBeLessThanOrEqual(audio.sourceChannels === 1 ? 0 : 1);
      audio.close();
    },
  );
});

describeWhere('several audio tracks', () => {
  const silence = ['-f', 'lavfi', '-i', 'anullsrc=r=16000:cl=mono:d=11'];
  const inputs = [...silence, '-i', jfk];
  const tracks = ['-map', '0:a', '-map', '1:a', '-metadata:s:a:0', 'language=ger', '-metadata:s:a:1', 'language=eng'];

  test('the default one is taken, and a warning names them', async () => {
    const path = make('two.mka', [...tracks, '-disposition:a:0', '0', '-disposition:a:1', 'default'], inputs);
    const {
      sounds: [{ audio }],
      warnings,
    } = await open(path);
    expect(audio.peakAmplitude).toBeGreaterThan(0.5);
    expect(warnings).toEqual([
      'The recording has 2 audio tracks: 1 (German, vorbis), 2 (English, vorbis). Track 2 was transcribed; the option audioTrack (--track) chooses others, or all.',
    ]);
    audio.close();
  });

  test('the first one is taken where none is the default, though another has more channels', async () => {
    const words = ['-map', '1:a', '-map', '0:a', '-ac:a:1', '2', '-disposition:a', '0'];
    const {
      sounds: [{ audio }],
      warnings,
    } = await open(make('two.mka', words, inputs));
    expect(audio.peakAmplitude).toBeGreaterThan(0.5);
    expect(warnings).toEqual([
      'The recording has 2 audio tracks: 1 (vorbis), 2 (vorbis). Track 1 was transcribed; the option audioTrack (--track) chooses others, or all.',
    ]);
    audio.close();
  });

  test('a silent one is said to be silent', async () => {
    const { warnings } = await open(make('two.mp4', tracks, inputs));
    expect(warnings).toEqual([expect.stringContaining('Track 1 was transcribed and is silent')]);
  });

  test.each(['2', 'en', 'eng', 'English'])('audioTrack=%s chooses one, without a warning', async (audioTrack) => {
    const {
      sounds: [{ audio }],
      warnings,
    } = await open(make('two.mp4', tracks, inputs), audioTrack);
    expect(audio.peakAmplitude).toBeGreaterThan(0.5);
    expect(warnings).toEqual([]);
    audio.close();
  });

  test.each(['3', 'fr'])('audioTrack=%s, which is not there, is refused with those that are', async (audioTrack) => {
    await expect(open(make('two.mp4', tracks, inputs), audioTrack)).rejects.toMatchObject({
      code: 'OPTION_INVALID',
      message: `The recording has no audio track ${audioTrack}. It has 2: 1 (German, aac), 2 (English, aac).`,
    });
  });
});

describeWhere('tracks and channels apart', () => {
  /** As OBS writes them: what everybody hears, the microphone, and the other side, each with its name. */
  const silence = ['-f', 'lavfi', '-i', 'anullsrc=r=16000:cl=mono:d=11'];
  const titles = ['Mic', 'Desktop'].flatMap((title, index) => [`-metadata:s:a:${index}`, `title=${title}`]);

  test.each(['obs.mkv', 'obs.mov', 'obs.mp4'])(
    'all tracks of %s have their names, and each its place on the clock',
    async (name) => {
      const inputs = [...still, '-i', jfk, '-itsoffset', '5', '-i', jfk];
      const path = make(name, ['-map', '0:v', '-map', '1:a', '-map', '2:a', ...titles], inputs);
      const { sounds, warnings } = await open(path, 'all');
      expect(sounds.map(({ voice }) => voice)).toEqual([
        { speaker: 'Mic', track: 1 },
        { speaker: 'Desktop', track: 2 },
      ]);
      const [first, second] = sounds.map(({ audio }) => firstSoundSeconds(audio));
      expect(first).toBeCloseTo(speechBegins, 0.5);
      expect(second).toBeCloseTo(5 + speechBegins, 0.5);
      expect(warnings).toEqual([]);
      for (const { audio } of sounds) audio.close();
    },
  );

  test('one track of several keeps its late start', async () => {
    const inputs = ['-i', jfk, '-itsoffset', '5', '-i', jfk];
    const { sounds } = await open(make('late.mka', ['-map', '0:a', '-map', '1:a'], inputs), '2');
    expect(firstSoundSeconds(sounds[0].audio)).toBeCloseTo(5 + speechBegins, 0.5);
    sounds[0].audio.close();
  });

  test('the channels of a call are apart, in the order of the container', async () => {
    const filter = [
      '-filter_complex',
      '[0:a]aformat=channel_layouts=mono[l];[l][1:a]amerge=inputs=2[a]',
      '-map',
      '[a]',
    ];
    const { sounds } = await open(make('call.m4a', filter, ['-i', jfk, ...silence]), undefined, 'split');
    expect(sounds.map(({ voice }) => voice?.speaker)).toEqual(['Left', 'Right']);
    const [left, right] = sounds.map(({ audio }) => audio.peakAmplitude);
    expect(left).toBeGreaterThan(0.5);
    expect(right).toBeLessThan(0.01);
    for (const { audio } of sounds) audio.close();
  });

  test.each([
    ['film.mkv', ['-c:a', 'ac3']],
    ['film.flac', []],
    ['film.wav', []],
    ['film.ogg', ['-c:a', 'libvorbis']],
  ])('the six channels of %s have the names of their layout', async (name, words) => {
    const filter = 'pan=5.1|FL=0*c0|FR=0*c0|FC=c0|LFE=0*c0|BL=0.2*c0|BR=0*c0';
    const { sounds } = await open(make(name, ['-af', filter, '-ar', '48000', ...words]), undefined, 'split');
    const loud = sounds.filter(({ audio }) => audio.peakAmplitude > 0.05).map(({ voice }) => voice?.speaker);
    expect(sounds).toHaveLength(6);
    expect(loud).toEqual(['Front center', expect.stringMatching(/^(Back|Side) left$/)]);
    for (const { audio } of sounds) audio.close();
  });

  test('all tracks, each with its channels', async () => {
    const words = [
      '-map',
      '0:a',
      '-map',
      '1:a',
      '-filter:a:0',
      'pan=stereo|FL=c0|FR=0.3*c0',
      '-ac:a:1',
      '1',
      ...titles,
    ];
    const { sounds } = await open(make('both.mka', words, ['-i', jfk, '-i', jfk]), 'all', 'split');
    expect(sounds.map(({ voice }) => voice)).toEqual([
      { speaker: 'Mic, Left', track: 1, channel: 1 },
      { speaker: 'Mic, Right', track: 1, channel: 2 },
      { speaker: 'Desktop', track: 2 },
    ]);
    for (const { audio } of sounds) audio.close();
  });
});

describeWhere('a recording that is not whole is called what it is', () => {
  const withoutBeginning = 'This is a piece of a recording without its beginning.';

  test.each([
    ['WebM', 'jfk_opus.webm', 150, 'AUDIO_CORRUPT'],
    ['m4a', 'jfk_441khz.m4a', 100, 'AUDIO_EMPTY'],
  ])('the beginning of a %s', async (_, file, byteCount, code) => {
    const path = join(folder, 'piece');
    await writeFile(path, (await readFile(recordingPath(file))).subarray(0, byteCount));
    const message = 'This recording breaks off before its sound begins.';
    await expect(open(path)).rejects.toMatchObject({ code, message });
  });

  test('a WebM from its first cluster on', async () => {
    const whole = await readFile(recordingPath('jfk_opus.webm'));
    const path = join(folder, 'piece');
    await writeFile(path, whole.subarray(whole.indexOf('1f43b675', 'hex')));
    await expect(open(path)).rejects.toMatchObject({ code: 'AUDIO_UNSUPPORTED', message: withoutBeginning });
  });

  test('an Ogg from its second page on', async () => {
    const whole = await readFile(make('x.ogg', ['-c:a', 'flac']));
    const path = join(folder, 'piece');
    await writeFile(path, whole.subarray(whole.indexOf('OggS', 4)));
    await expect(open(path)).rejects.toMatchObject({ code: 'AUDIO_CORRUPT', message: withoutBeginning });
  });

  test('an mp4 whose recorder was switched off', async () => {
    const whole = await readFile(make('x.mp4', []));
    const path = join(folder, 'piece');
    await writeFile(path, whole.subarray(0, whole.indexOf('moov') - 4));
    await expect(open(path)).rejects.toMatchObject({
      code: 'AUDIO_CORRUPT',
      message: 'This recording was never finished: the index at its end is missing.',
    });
  });

  test('a film without sound', async () => {
    await expect(open(make('film.mp4', [], still))).rejects.toMatchObject({
      code: 'AUDIO_EMPTY',
      message: 'The recording has no audio track.',
    });
  });

  test('noise', async () => {
    await expect(open(recordingPath('random_bytes.mp3'))).rejects.toMatchObject({
      code: 'AUDIO_UNSUPPORTED',
      message: 'This is not audio that Hearth can read.',
    });
  });
});
