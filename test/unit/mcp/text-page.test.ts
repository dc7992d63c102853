import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { textPage } from '../../../daemon/src/mcp/text-page.ts';

test('a short text is one page', () => {
  expect(textPage('a\nb\n', { offset: 0, characters: 100 })).toEqual({ text: 'a\nb\n', nextOffset: null });
});

test('a page ends with a whole line, or between two characters of a line that is longer', () => {
  expect(textPage('one\ntwo\nthree\n', { offset: 0, characters: 9 })).toEqual({ text: 'one\ntwo\n', nextOffset: 8 });
  expect(textPage('a😀b', { offset: 0, characters: 2 })).toEqual({ text: 'a', nextOffset: 1 });
});

test('the pages of any text are the text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 2, max: 20 }), (text, characters) => {
      let [read, offset] = ['', 0 as number | null];
      while (offset !== null) {
        const page = textPage(text, { offset, characters });
        read += page.text;
        offset = page.nextOffset;
      }
      expect(read).toBe(text);
    }),
  );
});
