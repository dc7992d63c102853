import type { Transcript } from '../protocol/transcript.ts';
import { paragraphsOf } from './paragraphs.ts';
import { clock, factsOf, type TranscriptOrigin, titleOf } from './transcript-facts.ts';
import type { SubtitleLayout } from './transcript-format.ts';

/** Markdown to read: title, day, and paragraphs with times that link to that place of the recording. */
export function writeMarkdown(transcript: Transcript, _layout?: SubtitleLayout, origin = unknownOrigin()): string {
  const heading = `# ${escaped(titleOf(origin))}\n\n${factsOf(transcript, origin).join(' · ')}\n`;
  const paragraphs = paragraphsOf(transcript.segments).map(({ startSeconds, speaker, text }) => {
    const name = speaker === null ? '' : `**${escaped(speaker)}:** `;
    return `\n${timeOf(startSeconds, origin)} ${name}${escaped(text)}\n`;
  });
  return [heading, ...paragraphs].join('');
}

/** A media fragment (W3C): a browser opens the recording at this second. */
function timeOf(seconds: number, { name }: TranscriptOrigin): string {
  const time = clock(seconds);
  if (name === null) return `**${time}**`;
  const target = encodeURIComponent(name.toWellFormed()).replace(
    /[()]/g,
    (bracket) => `%${bracket.charCodeAt(0).toString(16)}`,
  );
  return `[${time}](${target}#t=${Math.floor(seconds)})`;
}

/** What is said is never markup, nor HTML. */
function escaped(text: string): string {
  return text.replace(/\s+/g, ' ').replace(/[\\`*_[\]<>#|~&$]/g, String.raw`\$&`);
}

function unknownOrigin(): TranscriptOrigin {
  return { name: null, createdAt: new Date() };
}
