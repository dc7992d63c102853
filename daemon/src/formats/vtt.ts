import type { Transcript } from '../protocol/transcript.ts';
import { subtitleCues } from './subtitle-cues.ts';
import type { SubtitleLayout } from './transcript-format.ts';

/** WebVTT subtitles (openai/whisper utils.py `WriteVTT`). */
export function writeVtt({ segments }: Transcript, layout: SubtitleLayout = {}): string {
  const cues = subtitleCues(segments, layout, { alwaysIncludeHours: false, decimalMarker: '.' });
  return ['WEBVTT\n\n', ...cues.map(({ start, end, text }) => `${start} --> ${end}\n${text}\n\n`)].join('');
}
