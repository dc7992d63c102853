import { expect, test } from '@jest/globals';
import { createFfmpeg } from '../../../daemon/src/converters/ffmpeg.ts';

function argumentsFor(
  format: string | null,
  track: number | null = null,
  keepsClock = true,
  keepsChannels = false,
): string {
  const conversion = {
    inputPath: '/spool/upload',
    outputPath: '/temporary/x.wav',
    format,
    track,
    keepsChannels,
    keepsClock,
    delaySeconds: 0,
  };
  return createFfmpeg('/usr/bin/ffmpeg').buildArguments(conversion).join(' ');
}

test('the demuxer of a known format is forced, and no movie may refer to others', () => {
  expect(argumentsFor('mp4')).toContain(
    '-protocol_whitelist file -format_whitelist mov -f mov -enable_drefs 0 -use_absolute_path 0 -threads 1 -i file:/spool/upload',
  );
  expect(argumentsFor('matroska')).toContain('-format_whitelist matroska -f matroska -threads');
});

test.each([null, 'something new'])('for %s only demuxers that read one file may be tried', (format) => {
  const whitelist = /-format_whitelist (\S+)/.exec(argumentsFor(format))?.[1]?.split(',') ?? [];
  expect(whitelist).toEqual(
    expect.arrayContaining(['mov', 'matroska', 'mxf', 'mpegts', 'truehd', 'nut', 'sox', 'ircam']),
  );
  const referring = ['dash', 'hls', 'applehttp', 'concat', 'imf', 'sdp', 'rtsp', 'rtp', 'webm_dash_manifest', 'lavfi'];
  const others = ['image2', 'image2pipe', 'srt', 'ass', 'webvtt', 'vobsub', 'mpsub', 'mlv', 'ffmetadata', 'avisynth'];
  for (const name of [...referring, ...others, 'vapoursynth', 'libgme', 'libopenmpt', 'libmodplug']) {
    expect(whitelist).not.toContain(name);
  }
});

test("only a container whose clock begins at 0 keeps its clock's start", () => {
  expect(argumentsFor('mp4')).toContain('-copyts');
  expect(argumentsFor('mpeg-ts')).not.toContain('-copyts');
  expect(argumentsFor('mp4', null, false)).not.toContain('-copyts');
});

test('more than two channels are mixed, unless they are told apart', () => {
  expect(argumentsFor('mp4')).toContain('aformat=channel_layouts=mono|stereo');
  expect(argumentsFor('mp4', null, true, true)).not.toContain('aformat');
});

test('a track is chosen by its place among the audio tracks', () => {
  expect(argumentsFor('mp4', 2)).toContain('-map 0:a:1 -vn');
  expect(argumentsFor('mp4')).not.toContain('-map 0');
});
