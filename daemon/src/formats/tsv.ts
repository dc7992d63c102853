import type { Transcript } from '../protocol/transcript.ts';
import { strip } from './strip.ts';
import { toMilliseconds } from './to-milliseconds.ts';

/** Start and end in whole milliseconds and the text (openai/whisper utils.py `WriteTSV`). */
export function writeTsv({ segments }: Transcript): string {
  const lines = segments.map(({ start, end, text }) => {
    const cells = [toMilliseconds(start), toMilliseconds(end), strip(text).replaceAll('\t', ' ')];
    return `${cells.join('\t')}\n`;
  });
  return ['start\tend\ttext\n', ...lines].join('');
}
