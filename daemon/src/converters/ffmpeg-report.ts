import type { AudioTrack, ConverterReport } from './converter.ts';

const mostTracks = 64;
const mostComplaints = 8;

const stream = /^\[info\] +Stream #0:(\d+)(?:\[\w+\])?(?:\((\w{2,8})\))?: Audio: (.*)$/;
const title = /^\[info\] {7}(?:title|name) *: (.*)$/;
const mapping = /^\[info\] +Stream #0:(\d+) -> #0:0 /;
const start = /^\[info\] +Duration: [^,]+, start: (-?\d+(?:\.\d+)?),/;
const correction = /^(?:\[[^\]]*\] )*\[verbose\] Correcting start time by (\d+)$/;
const complaint = /^(?:\[[^\]]*\] )*\[(?:error|fatal|panic)\] (.*)$/;

/** Reads ffmpeg's output with `-loglevel level+info`. Texts from the recording itself come after their names. */
export function readFfmpegReport(lines: readonly string[]): ConverterReport {
  const inputLines = lines.slice(0, endOfInput(lines));
  const found = readStreams(inputLines);
  const kept = found.slice(0, mostTracks);
  const taken = lines.map((line) => mapping.exec(line)?.[1]).find((index) => index !== undefined);
  const takenIndex = kept.findIndex(({ streamIndex }) => streamIndex === taken);
  const complaints = lines.flatMap((line) => complaint.exec(line)?.[1]?.trim() ?? []);
  return {
    tracks: kept.map((each, index) => toTrack(index + 1, each)),
    takenTrack: takenIndex < 0 ? null : takenIndex + 1,
    complaints: [...new Set(complaints)].slice(0, mostComplaints),
  };
}

/** The first packet's position on the container's clock, if this line contains it. */
export function readFfmpegStart(line: string): number | null {
  const [, seconds] = start.exec(line) ?? [];
  return seconds === undefined ? null : Number(seconds);
}

/** For formats whose clock may jump, ffmpeg takes the first sound as the start and reports the offset. */
export function readFfmpegDelay(line: string): number | null {
  const [, microseconds] = correction.exec(line.trim()) ?? [];
  return microseconds === undefined ? null : Number(microseconds) / 1e6;
}

/** The lines after this describe ffmpeg's output. */
function endOfInput(lines: readonly string[]): number {
  const end = lines.findIndex((line) => /^\[info\] (Stream mapping:|Output #0)/.test(line));
  return end < 0 ? lines.length : end;
}

interface AudioStream {
  readonly streamIndex: string | undefined;
  readonly language: string | undefined;
  /** `aac (LC), 44100 Hz, stereo, fltp, 48 kb/s (default)`. */
  readonly description: string;
  title: string | null;
}

/** The audio streams; the lines after each, up to the next stream of any kind, are about it. */
function readStreams(lines: readonly string[]): readonly AudioStream[] {
  const streams: AudioStream[] = [];
  let current: AudioStream | null = null;
  for (const line of lines) {
    const [found, streamIndex, language, description = ''] = stream.exec(line) ?? [];
    if (found !== undefined) {
      current = { streamIndex, language, description, title: null };
      streams.push(current);
    } else if (/^\[info\] {1,3}\S/.test(line)) current = null;
    else if (current !== null) current.title ??= title.exec(line)?.[1]?.trim() || null;
  }
  return streams;
}

function toTrack(number: number, { language, description, title: name }: AudioStream): AudioTrack {
  const codec = /^[\w.-]+/.exec(description)?.[0] ?? null;
  return { number, language: spoken(language), isDefault: description.includes('(default)'), title: name, codec };
}

/** Codes such as `und` mean that the language is not given. */
function spoken(language: string | undefined): string | null {
  return language === undefined || ['und', 'mis', 'mul', 'zxx'].includes(language) ? null : language;
}
