import type { Transcript } from '../protocol/transcript.ts';
import { paragraphsOf } from './paragraphs.ts';
import { clock, factsOf, type TranscriptOrigin, titleOf } from './transcript-facts.ts';
import type { SubtitleLayout } from './transcript-format.ts';

const grey = '808080';
/** For a time of an hour or more, in twentieths of a point. */
const indent = 1000;

/** A document for Word: title, day, and paragraphs with their times in the margin. Its library is loaded when it is needed. */
export async function writeDocx(
  transcript: Transcript,
  _layout?: SubtitleLayout,
  origin: TranscriptOrigin = { name: null, createdAt: new Date() },
): Promise<Uint8Array> {
  const { Document, HeadingLevel, Packer, Paragraph, TextRun } = await import('docx');
  const title = printable(titleOf(origin));
  const facts = new TextRun({ text: factsOf(transcript, origin).join(' · '), color: grey });
  const paragraphs = paragraphsOf(transcript.segments).map(({ startSeconds, speaker, text }) => {
    const time = new TextRun({ text: `${clock(startSeconds)}\t`, color: grey });
    const name = speaker === null ? [] : [new TextRun({ text: `${printable(speaker)}: `, bold: true })];
    return new Paragraph({
      children: [time, ...name, new TextRun(printable(text))],
      indent: { left: indent, hanging: indent },
      tabStops: [{ type: 'left', position: indent }],
      spacing: { after: 160 },
    });
  });
  const document = new Document({
    title,
    creator: 'Hearth',
    sections: [
      {
        children: [
          new Paragraph({ text: title, heading: HeadingLevel.TITLE }),
          new Paragraph({ children: [facts], spacing: { after: 240 } }),
          ...paragraphs,
        ],
      },
    ],
  });
  return Packer.toBuffer(document);
}

/** Without what XML cannot hold. */
function printable(text: string): string {
  return text.toWellFormed().replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '');
}
