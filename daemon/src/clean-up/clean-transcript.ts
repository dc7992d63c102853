import type { Transcript } from '../protocol/transcript.ts';
import type { CleanUp } from './create-clean-up.ts';

/** A transcript with its text cleaned, and the decoded text beside it as `raw`. */
export function cleanTranscript(transcript: Transcript, clean: CleanUp): Transcript {
  const language = transcript.task === 'translate' ? 'en' : transcript.language;
  const segments = transcript.segments.map((segment) => clean(segment, segment.language ?? language));
  return { ...transcript, text: segments.map(({ text }) => text).join(''), raw: transcript.text, segments };
}
