import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { HearthError } from '../../../daemon/src/errors/hearth-error.ts';
import { visibleLines, visibleText } from '../../../daemon/src/errors/visible-text.ts';
import { toWireError } from '../../../daemon/src/protocol/wire-error.ts';

test('what a terminal would obey is spelled out', () => {
  expect(visibleText('a\nb\r\tc')).toBe('a\\nb\\r\\tc');
  expect(visibleText('\x1b[31mred\x07\x7f')).toBe('\\x1b[31mred\\x07\\x7f');
  expect(visibleText('\x9b31m\x85')).toBe('\\x9b31m\\x85');
});

test('what turns the direction of text around or breaks lines is spelled out', () => {
  expect(visibleText('talk\u202egpj.mp3 \u2066a\u2069 \u2028')).toBe('talk\\u202egpj.mp3 \\u2066a\\u2069 \\u2028');
});

test('letters, emoji and joined ones stay, and half a letter is replaced', () => {
  const text = '会議 👩‍👩‍👧 naïve עברית';
  expect(visibleText(text)).toBe(text);
  expect(visibleText('\ud83d')).toBe('\ufffd');
});

test('lines and tabs stay where text may have several lines', () => {
  expect(visibleLines('one\n\ttwo\r\x1b]0;title\x07')).toBe('one\n\ttwo\\x0d\\x1b]0;title\\x07');
});

test('no text has a control left, and escaping again changes nothing', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const visible = visibleText(text);
      expect(visible).not.toMatch(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u);
      expect(visibleText(visible)).toBe(visible);
    }),
  );
});

test('errors are safe to show, ours and those of others', () => {
  expect(new HearthError('FILE_NOT_FOUND', 'No such file: \x1b[2J\n.mp3').message).toBe(
    'No such file: \\x1b[2J\\n.mp3',
  );
  expect(toWireError(Object.assign(new Error('\x1b]52;c;x\x07'), { code: 'AUDIO_CORRUPT' })).message).toBe(
    '\\x1b]52;c;x\\x07',
  );
});
