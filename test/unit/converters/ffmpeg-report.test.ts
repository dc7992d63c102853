import { expect, test } from '@jest/globals';
import { readFfmpegDelay, readFfmpegReport, readFfmpegStart } from '../../../daemon/src/converters/ffmpeg-report.ts';

/** As ffmpeg 5.1 and 7.0 write it with `-loglevel level+verbose`. */
const film = `[mov,mp4,m4a,3gp,3g2,mj2 @ 0x55d0] [warning] something small
[info] Input #0, mov,mp4,m4a,3gp,3g2,mj2, from 'file:/home/user/film.mp4':
[info]   Metadata:
[info]     title           : [info]   Stream #0:7(fra): Audio: aac
[info]                     : second line
[info]   Duration: 00:00:20.00, start: -0.023000, bitrate: 28 kb/s
[info]   Stream #0:0[0x1](und): Video: mpeg4 (Simple Profile), yuv420p (default)
[info]   Stream #0:1[0x2](ger): Audio: aac (LC), 44100 Hz, stereo, fltp, 48 kb/s (default)
[info]     Metadata:
[info]       handler_name    : Stream #0:9: Audio: none
[info]       title           : Director
[info]   Stream #0:2[0x3](eng): Audio: ac3, 48000 Hz, 5.1(side), fltp
[info]   Stream #0:3(und): Audio: opus, 48000 Hz, mono, fltp
[info]   Stream #0:4: Subtitle: subrip
[info]     Metadata:
[info]       title           : Not of the sound
[info] Stream mapping:
[info]   Stream #0:2 -> #0:0 (ac3 (native) -> pcm_s16le (native))
[info] Output #0, wav, to 'pipe:1':
[info]   Stream #0:0(eng): Audio: pcm_s16le, 16000 Hz, stereo, s16, 512 kb/s (default)
[aac @ 0x55d1] [error] Number of bands exceeds limit
[error] Error while decoding stream #0:2: Invalid data found when processing input
[aac @ 0x55d1] [error] Number of bands exceeds limit`.split('\n');

test('lists the audio tracks of the input, with language, default, title and codec', () => {
  expect(readFfmpegReport(film).tracks).toEqual([
    { number: 1, language: 'ger', isDefault: true, title: 'Director', codec: 'aac' },
    { number: 2, language: 'eng', isDefault: false, title: null, codec: 'ac3' },
    { number: 3, language: null, isDefault: false, title: null, codec: 'opus' },
  ]);
});

test('tells which of them was taken', () => {
  expect(readFfmpegReport(film).takenTrack).toBe(2);
});

test('keeps errors once each, and no warnings', () => {
  expect(readFfmpegReport(film).complaints).toEqual([
    'Number of bands exceeds limit',
    'Error while decoding stream #0:2: Invalid data found when processing input',
  ]);
});

test('of a program that says nothing there is nothing to tell', () => {
  expect(readFfmpegReport([])).toEqual({ tracks: [], takenTrack: null, complaints: [] });
});

test('reads where the clock starts', () => {
  expect(film.map(readFfmpegStart).filter((seconds) => seconds !== null)).toEqual([-0.023]);
  expect(readFfmpegStart('[info]   Duration: N/A, start: 40000.000000, bitrate: N/A')).toBe(40_000);
});

test('reads how much is left out before the first sound', () => {
  expect(readFfmpegDelay('[mpegts @ 0x55ff5558c980] [verbose] Correcting start time by 4989089')).toBeCloseTo(4.989);
  expect(film.map(readFfmpegDelay).filter((seconds) => seconds !== null)).toEqual([]);
});
