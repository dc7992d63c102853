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
    { startSeconds: 0, text: 'one two three' },
  ]);
});
