import type { TranscriptWarning } from './transcript-warning.ts';
import type { SpeechRange } from './voice-activity/speech-ranges.ts';

/** More times than these are counted, not listed. */
const mostListed = 5;

/** Says where somebody speaks and no text was found. */
export function missedSpeechWarnings(missed: readonly SpeechRange[]): readonly TranscriptWarning[] {
  if (missed.length === 0) return [];
  const listed = missed
    .slice(0, mostListed)
    .map((range) => `${clock(range.startSeconds)} to ${clock(range.endSeconds)}`);
  const more = missed.length - listed.length;
  const places = [...listed, ...(more > 0 ? [`in ${more} more ${more === 1 ? 'place' : 'places'}`] : [])];
  return [{ code: 'speech-without-text', message: `No text was found for what is said ${inWords(places)}.` }];
}

function inWords(places: readonly string[]): string {
  const [last, ...others] = places.toReversed();
  const from = (place: string | undefined) => (place?.startsWith('in ') ? place : `from ${place}`);
  if (others.length === 0) return from(last);
  return `${others.toReversed().map(from).join(', ')} and ${from(last)}`;
}

/** Minutes, seconds and tenths. */
function clock(seconds: number): string {
  const tenths = Math.round(seconds * 10);
  const rest = ((tenths % 600) / 10).toFixed(1).padStart(4, '0');
  return `${Math.floor(tenths / 600)}:${rest}`;
}
