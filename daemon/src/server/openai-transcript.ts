import { formats } from '../formats/formats.ts';
import type { WireSegment, WireTranscript } from '../messages/wire-transcript.ts';
import type { OpenAiForm, OpenAiFormat } from './openai-form.ts';

const mediaTypes: Record<OpenAiFormat, string> = {
  json: 'application/json',
  verbose_json: 'application/json',
  text: 'text/plain',
  srt: 'text/plain',
  vtt: 'text/plain',
};

const languageNames = new Intl.DisplayNames('en', { type: 'language' });

/** A transcript as OpenAI answers it. */
export function writeOpenAiTranscript(
  transcript: WireTranscript,
  form: OpenAiForm,
): { mediaType: string; body: string } {
  return { mediaType: `${mediaTypes[form.format]}; charset=utf-8`, body: bodyOf(transcript, form) };
}

function bodyOf(transcript: WireTranscript, form: OpenAiForm): string {
  const text = transcript.text.trim();
  switch (form.format) {
    case 'json':
      return JSON.stringify({ text, usage: { type: 'duration', seconds: Math.ceil(transcript.duration) } });
    case 'text':
      return `${text}\n`;
    case 'verbose_json':
      return JSON.stringify(verbose(transcript, form));
    default:
      return formats[form.format].write(transcript);
  }
}

function verbose(transcript: WireTranscript, { wantsSegments, wantsWords }: OpenAiForm) {
  const { task, duration, segments } = transcript;
  return {
    task,
    language: (languageNames.of(transcript.language) ?? transcript.language).toLowerCase(),
    duration,
    text: transcript.text.trim(),
    ...(wantsSegments && { segments: segments.map(({ words, language, ...segment }) => segment) }),
    ...(wantsWords && { words: segments.flatMap(wordsOf) }),
    usage: { type: 'duration', seconds: Math.ceil(duration) },
  };
}

function wordsOf({ words = [] }: WireSegment) {
  return words.map(({ word, start, end }) => ({ word: word.trim(), start, end }));
}
