import { resolve } from 'node:path';
import type { Converter } from './converter.ts';
import { demuxersFor } from './demuxers.ts';
import { readFfmpegDelay, readFfmpegReport, readFfmpegStart } from './ffmpeg-report.ts';

/** Demuxers whose clock starts at 0, at the beginning of a film or session. Other clocks start anywhere. */
const demuxersWithClock = ['matroska', 'mov'];

/**
 * Fills gaps in the container's clock with silence. Less than a tenth of a second is an encoder's delay and is left
 * alone, so that a recording without gaps gives the same samples as `load_audio` of openai/whisper.
 */
const keepTime = 'aresample=async=1:first_pts=0:min_comp=0.1';
/** The engine mixes two channels and checks whether they cancel. ffmpeg mixes more, because it knows their positions. */
const atMostTwoChannels = 'aformat=channel_layouts=mono|stereo';

/**
 * Reads one file with a demuxer that opens no other file, and writes WAV to standard output. The log level is
 * `verbose`, because it shows the recording's tracks and what happens to its clock (ffmpeg-report.ts).
 */
export function createFfmpeg(executable: string): Converter {
  return {
    name: 'ffmpeg',
    executable,
    writesTo: 'standard-output',
    buildArguments: ({ inputPath, format, track, keepsChannels, keepsClock, delaySeconds }) => {
      const demuxers = demuxersFor(format);
      const forced = demuxers.length === 1 ? demuxers[0] : undefined;
      const hasClock = forced !== undefined && demuxersWithClock.includes(forced);
      const filters = [keepTime, ...delayBy(delaySeconds), ...(keepsChannels ? [] : [atMostTwoChannels])];
      return [
        ...['-hide_banner', '-nostdin', '-nostats', '-loglevel', 'level+verbose'],
        ...(keepsClock && hasClock ? ['-copyts'] : []),
        ...['-protocol_whitelist', 'file', '-format_whitelist', demuxers.join(',')],
        ...(forced === undefined ? [] : ['-f', forced]),
        ...(forced === 'mov' ? ['-enable_drefs', '0', '-use_absolute_path', '0'] : []),
        ...['-threads', '1', '-i', `file:${resolve(inputPath)}`],
        ...(track === null ? [] : ['-map', `0:a:${track - 1}`]),
        ...['-vn', '-sn', '-dn', '-map_metadata', '-1', '-map_chapters', '-1'],
        ...['-af', filters.join(','), '-ar', '16000'],
        ...['-c:a', 'pcm_s16le', '-flags', '+bitexact', '-fflags', '+bitexact', '-f', 'wav', 'pipe:1'],
      ];
    },
    readReport: readFfmpegReport,
    readStart: readFfmpegStart,
    readDelay: readFfmpegDelay,
  };
}

function delayBy(seconds: number): readonly string[] {
  return seconds > 0 ? [`adelay=delays=${Math.round(seconds * 1000)}:all=1`] : [];
}
