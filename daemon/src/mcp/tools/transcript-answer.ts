import type { CallToolResult } from '@modelcontextprotocol/server';
import { formats, type TextFormatName } from '../../formats/formats.ts';
import type { SubtitleLayout } from '../../formats/transcript-format.ts';
import type { Transcript } from '../../protocol/transcript.ts';
import { textPage } from '../text-page.ts';

export interface ShownTranscript {
  readonly id: string;
  readonly name: string | null;
  readonly createdAt: Date;
  readonly transcript: Transcript;
  readonly layout?: SubtitleLayout;
}

export interface TranscriptView {
  readonly format: TextFormatName;
  readonly offset: number;
  readonly characters: number;
}

/** A transcript for an assistant: a line that says what it is, then the text or a page of it, then how to go on. */
export function transcriptAnswer(
  shown: ShownTranscript,
  { format, offset, characters }: TranscriptView,
): CallToolResult {
  const { id, name, createdAt, transcript, layout } = shown;
  const whole = formats[format].write(transcript, layout, { name, createdAt });
  const { text, nextOffset } = textPage(whole, { offset, characters });
  const facts = [
    `Transcript ${id}`,
    ...(name === null ? [] : [name]),
    transcript.language,
    `${Math.round(transcript.duration)} s`,
  ];
  const notes = [
    ...(transcript.text.trim() === '' ? ['No speech was found.'] : []),
    ...transcript.warnings,
    ...(nextOffset === null
      ? []
      : [`${whole.length - nextOffset} more characters: call read_transcript with offset ${nextOffset}.`]),
  ];
  const parts = [facts.join(' · '), text, ...notes].filter((part) => part !== '');
  return { content: parts.map((part) => ({ type: 'text' as const, text: part })) };
}
