import type { Transcript } from '../protocol/transcript.ts';
import { subtitleCues } from './subtitle-cues.ts';
import type { SubtitleLayout } from './transcript-format.ts';

/** SubRip subtitles (openai/whisper utils.py `WriteSRT`). */
export function writeSrt({ segments }: Transcript, layout: SubtitleLayout = {}): string {
  const cues = subtitleCues(segments, layout, { alwaysIncludeHours: true, decimalMarker: ',' });
  return cues.map(({ start, end, text }, index) => `${index + 1}\n${start} --> ${end}\n${text}\n\n`).join('');
}
