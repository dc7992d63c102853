import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { formats } from '../../../daemon/src/formats/formats.ts';
import type { SubtitleLayout } from '../../../daemon/src/formats/transcript-format.ts';
import type { Segment, Transcript } from '../../../daemon/src/protocol/transcript.ts';

const read = (name: string) =>
  JSON.parse(readFileSync(new URL(`../../fixtures/formats/${name}`, import.meta.url), 'utf8'));
const transcripts: Record<string, Transcript> = read('transcripts.json');
const expected: Record<string, Record<string, Record<string, string>>> = read('expected.json');

/** The layouts that make_formats.py gave to openai-whisper's writers. */
const layouts: Record<string, SubtitleLayout> = {
  segments: {},
  words: {},
  'words-narrow': { maxLineWidth: 24, maxLineCount: 2 },
  'words-few': { maxWordsPerLine: 3 },
  'words-highlighted': { highlightWords: true, maxLineWidth: 30, maxLineCount: 1 },
};
const cases = Object.entries(expected).flatMap(([name, byLayout]) =>
  Object.entries(byLayout).flatMap(([layout, byFormat]) =>
    Object.keys(byFormat).map((format) => ({ name, layout, format, text: byFormat[format] })),
  ),
);

describe('what openai-whisper writes', () => {
  test.each(cases)('$name as $format with the layout "$layout" comes out byte for byte', (each) => {
    const transcript = transcripts[each.name] as Transcript;
    const source = each.layout === 'segments' ? withoutWords(transcript) : transcript;
    const format = formats[each.format as 'txt' | 'srt' | 'vtt' | 'tsv'];
    expect(format.write(source, layouts[each.layout])).toBe(each.text);
  });

  test('covers every format that it has in common with Hearth', () => {
    expect(new Set(cases.map(({ format }) => format))).toEqual(new Set(['txt', 'srt', 'vtt', 'tsv']));
  });
});

test('JSON holds the whole transcript', () => {
  const transcript = transcripts['edges'] as Transcript;
  expect(JSON.parse(formats.json.write(transcript))).toEqual(transcript);
});

test('a transcript without segments is an empty text and valid subtitles', () => {
  const empty = { segments: [] as unknown } as Transcript;
  expect(formats.txt.write(empty)).toBe('');
  expect(formats.srt.write(empty)).toBe('');
  expect(formats.vtt.write(empty)).toBe('WEBVTT\n\n');
  expect(formats.tsv.write(empty)).toBe('start\tend\ttext\n');
});

test('highlighted words of a long talk do not repeat all of it', () => {
  const segments = Array.from({ length: 1400 }, (_, id) => {
    const words = Array.from({ length: 10 }, (__, index) => {
      const start = id * 3 + index * 0.3;
      return { word: ` word${index}`, start, end: start + 0.2, probability: 1 };
    });
    return { ...(transcripts['edges'] as Transcript).segments[0], id, text: '', words } as Segment;
  });
  const layout = { highlightWords: true, maxLineWidth: 1000, maxLineCount: 1000 };
  const written = formats.srt.write({ ...(transcripts['edges'] as Transcript), segments }, layout);
  expect(written.length).toBeLessThan(20_000_000);
  const cues = written.trim().split('\n\n');
  expect(Math.max(...cues.map((cue) => cue.match(/word/g)?.length ?? 0))).toBe(100);
  expect(written.match(/<u>/g)).toHaveLength(14_000);
});

describe('dictated text', () => {
  const texts = [' Dear Ada,\n', '', '\n\nI write\nto you.\n\n', 'Yours'];
  const segments = texts.map((text, id) => {
    const words = text === '' ? [] : [{ word: text, start: id, end: id + 1, probability: 1 }];
    return { ...(transcripts['edges'] as Transcript).segments[0], id, start: id, end: id + 1, text, raw: 'x', words };
  }) as Segment[];
  const transcript = { ...(transcripts['edges'] as Transcript), segments };

  test('has the lines that were dictated, and none for a segment of which nothing is left', () => {
    expect(formats.txt.write(transcript)).toBe('Dear Ada,\n\nI write\nto you.\n\nYours\n');
  });

  test.each(['words', 'segments'])('is on one line where a line break would end a subtitle or a row, by %s', (by) => {
    const source = by === 'words' ? transcript : withoutWords(transcript);
    const cue = (id: number, number: number, text: string) =>
      `${number}\n00:00:0${id},000 --> 00:00:0${id + 1},000\n${text}\n\n`;
    expect(formats.srt.write(source)).toBe(cue(0, 1, 'Dear Ada,') + cue(2, 2, 'I write to you.') + cue(3, 3, 'Yours'));
    expect(formats.tsv.write(source).split('\n').slice(1, -1)).toEqual([
      '0\t1000\tDear Ada,',
      '2000\t3000\tI write to you.',
      '3000\t4000\tYours',
    ]);
  });
});

test('each format has a media type and a file extension of its own', () => {
  const all = Object.values(formats);
  expect(new Set(all.map(({ mediaType }) => mediaType)).size).toBe(all.length);
  expect(all.map(({ extension }) => extension)).toEqual(Object.keys(formats));
});

function withoutWords(transcript: Transcript): Transcript {
  return { ...transcript, segments: transcript.segments.map(({ words: _, ...segment }) => segment) };
}
