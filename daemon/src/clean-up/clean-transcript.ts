import type { Transcript } from '../protocol/transcript.ts';
import type { CleanUp } from './create-clean-up.ts';

/** A transcript with its text cleaned, and the decoded text beside it as `raw`. */
export function cleanTranscript(transcript: Transcript, clean: CleanUp): Transcript {
  const language = transcript.task === 'translate' ? 'en' : transcript.language;
  const segments = transcript.segments.map((segment) => {
    // A live session that another engine went on with has segments that were cleaned before.
    const decoded = segment.raw === undefined ? segment : { ...segment, text: segment.raw };
    return clean(decoded, segment.language ?? language);
  });
  const raw = segments.map((segment) => segment.raw).join('');
  return { ...transcript, text: segments.map(({ text }) => text).join(''), raw, segments };
}
