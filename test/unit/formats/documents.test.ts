import { expect, test } from '@jest/globals';
import { formats } from '../../../daemon/src/formats/formats.ts';
import { paragraphsOf } from '../../../daemon/src/formats/paragraphs.ts';
import { titleOf } from '../../../daemon/src/formats/transcript-facts.ts';
import type { Segment, Transcript } from '../../../daemon/src/protocol/transcript.ts';
import { segment, transcript } from '../../stand-ins/daemon.ts';

const createdAt = new Date(2026, 0, 31, 14, 5);
const origin = { name: 'Monday (team).m4a', createdAt };
const spoken: Transcript = {
  ...transcript([
    segment(0, 4, ' Hello *everybody*, <b>welcome</b>.'),
    segment(4.2, 8, ' [laughs] It costs 5 & 6 $.'),
    segment(12.5, 15, ' # Next_topic'),
    segment(3700, 3705, ' The end.'),
  ]),
  duration: 3725.4,
  language: 'en',
};

test('Markdown has a title, facts, and paragraphs whose times link into the recording; nothing said is markup', () => {
  expect(formats.md.write(spoken, {}, origin)).toBe(
    [
      '# Monday (team)\n',
      '2026-01-31 · 1:02:05 · English\n',
      String.raw`[0:00](Monday%20%28team%29.m4a#t=0) Hello \*everybody\*, \<b\>welcome\</b\>. \[laughs\] It costs 5 \& 6 \$.` +
        '\n',
      `${String.raw`[0:12](Monday%20%28team%29.m4a#t=12) \# Next\_topic`}\n`,
      '[1:01:40](Monday%20%28team%29.m4a#t=3700) The end.\n',
    ].join('\n'),
  );
});

test('without a name there is nothing to link to', () => {
  const text = formats.md.write(spoken, {}, { name: null, createdAt });
  expect(text).toMatch(/^# Transcript\n/);
  expect(text).toContain('\n**0:12** ');
});

test('LRC has a time in hundredths for each line, and an empty line for a pause', () => {
  expect(formats.lrc.write(spoken, {}, origin)).toBe(
    [
      '[ti:Monday (team)]',
      '[length:62:05]',
      '[00:00.00]Hello *everybody*, <b>welcome</b>.',
      '[00:04.20](laughs] It costs 5 & 6 $.',
      '[00:08.00]',
      '[00:12.50]# Next_topic',
      '[00:15.00]',
      '[61:40.00]The end.',
      '',
    ].join('\n'),
  );
});

test('a transcript without speech is a document without paragraphs', async () => {
  const silent = { ...spoken, segments: [] };
  expect(formats.md.write(silent, {}, origin)).toBe('# Monday (team)\n\n2026-01-31 · 1:02:05 · English\n');
  expect(formats.lrc.write(silent, {}, { name: null, createdAt })).toBe('[length:62:05]\n');
  expect((await formats.docx.write(silent, {}, origin)).byteLength).toBeGreaterThan(1000);
});

test.each([
  ['talk.m4a', 'talk'],
  ['v1.2 notes.mp3', 'v1.2 notes'],
  ['.hidden', '.hidden'],
  ['no ending', 'no ending'],
  ['', 'Transcript'],
])('the title of %j is %j', (name, title) => {
  expect(titleOf({ name, createdAt })).toBe(title);
});

test('a paragraph ends at a pause, at the end of a sentence after a while, and does not go on forever', () => {
  const starts = (segments: readonly Segment[]) => paragraphsOf(segments).map(({ startSeconds }) => startSeconds);
  const every5s = (count: number, text: string) =>
    Array.from({ length: count }, (_, index) => segment(index * 5, index * 5 + 5, text));
  expect(starts([segment(0, 2, ' a'), segment(3, 4, ' b'), segment(6, 7, ' c')])).toEqual([0, 6]);
  expect(starts(every5s(12, ' A sentence.'))).toEqual([0, 45]);
  expect(starts(every5s(30, ' and then'))).toEqual([0, 120]);
  expect(paragraphsOf([segment(0, 1, ' one'), segment(1, 2, '  '), segment(2, 3, ' two\nthree')])).toEqual([
    { startSeconds: 0, speaker: null, text: 'one two three' },
  ]);
});

const call: Transcript = {
  ...transcript([
    { ...segment(0, 2, ' Hello?'), speaker: 'caller' },
    { ...segment(1.5, 4, ' Good <morning>.'), speaker: 'R&D' },
    { ...segment(4, 6, ' How are you?'), speaker: 'R&D' },
  ]),
  duration: 6,
};

test('each format names who speaks', () => {
  expect(formats.txt.write(call)).toBe('caller: Hello?\nR&D: Good <morning>.\nR&D: How are you?\n');
  expect(formats.srt.write(call)).toContain('2\n00:00:01,500 --> 00:00:04,000\nR&D: Good <morning>.\n');
  expect(formats.vtt.write(call)).toContain('00:01.500 --> 00:04.000\n<v R&amp;D>Good <morning>.\n');
  expect(formats.tsv.write(call)).toBe(
    'start\tend\ttext\tspeaker\n0\t2000\tHello?\tcaller\n1500\t4000\tGood <morning>.\tR&D\n4000\t6000\tHow are you?\tR&D\n',
  );
  expect(formats.lrc.write(call)).toContain('[00:01.50]R&D: Good <morning>.\n');
  expect(formats.md.write(call, {}, { name: null, createdAt })).toContain(
    String.raw`**0:01** **R\&D:** Good \<morning\>. How are you?`,
  );
});

test('subtitles laid out by words keep speakers apart, who may speak at once', () => {
  const word = (start: number, text: string) => ({ word: text, start, end: start + 0.4, probability: 1 });
  const talk = transcript([
    {
      ...segment(0, 3, ' One two three.'),
      speaker: 'a',
      words: [word(0, ' One'), word(1, ' two'), word(2, ' three.')],
    },
    { ...segment(0.5, 2, ' Yes yes.'), speaker: 'b', words: [word(0.5, ' Yes'), word(1.5, ' yes.')] },
  ]);
  const cues = formats.srt.write(talk, { maxLineWidth: 40, maxLineCount: 2 });
  expect(cues.match(/^[ab]: .*$/gm)).toEqual(['a: One two three.', 'b: Yes yes.']);
  const short = formats.srt.write(talk, { maxWordsPerLine: 1 });
  expect(short.match(/^[ab]: .*$/gm)).toEqual(['a: One', 'b: Yes', 'a: two', 'b: yes.', 'a: three.']);
});
