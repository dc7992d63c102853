import { formats } from '../../../formats/formats.ts';
import { languages } from '../../../languages/languages.ts';
import type { Segment, Transcript } from '../../../protocol/transcript.ts';
import type { OpenAiForm, OpenAiFormat } from './openai-fields.ts';

export const openAiMediaTypes: Readonly<Record<OpenAiFormat, string>> = {
  json: 'application/json',
  verbose_json: 'application/json',
  text: 'text/plain',
  srt: 'text/plain',
  vtt: 'text/plain',
};

const languageNames: ReadonlyMap<string, string> = new Map(languages);

/** A transcript in OpenAI's format. */
export function writeOpenAiTranscript(transcript: Transcript, form: OpenAiForm): string {
  switch (form.format) {
    case 'json':
      return JSON.stringify({
        text: transcript.text.trim(),
        languages: [{ code: transcript.language }],
        usage: { type: 'duration', seconds: Math.ceil(transcript.duration) },
      });
    case 'text':
      return `${transcript.text.trim()}\n`;
    case 'verbose_json':
      return JSON.stringify(verbose(transcript, form));
    default:
      return formats[form.format].write(transcript);
  }
}

function verbose(transcript: Transcript, { wantsSegments, wantsWords }: OpenAiForm) {
  const { task, duration, segments } = transcript;
  return {
    task,
    language: task === 'translate' ? 'english' : (languageNames.get(transcript.language) ?? transcript.language),
    duration,
    text: transcript.text.trim(),
    ...(wantsSegments && { segments: segments.map(({ words, language, ...segment }) => segment) }),
    ...(wantsWords && { words: segments.flatMap(wordsOf) }),
    usage: { type: 'duration', seconds: Math.ceil(duration) },
  };
}

function wordsOf({ words = [] }: Segment) {
  return words.map(({ word, start, end }) => ({ word: word.trim(), start, end }));
}
