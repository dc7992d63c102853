import type { WireTranscript } from '../messages/wire-transcript.ts';

/** Start and end in whole milliseconds and the text (openai/whisper utils.py `WriteTSV`). */
export function writeTsv({ segments }: WireTranscript): string {
  const lines = segments.map(({ start, end, text }) => {
    const cells = [Math.round(1000 * start), Math.round(1000 * end), text.trim().replaceAll('\t', ' ')];
    return `${cells.join('\t')}\n`;
  });
  return ['start\tend\ttext\n', ...lines].join('');
}
