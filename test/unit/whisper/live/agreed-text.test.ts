import { expect, test } from '@jest/globals';
import { agreedLength } from '../../../../daemon/src/whisper/live/agreed-text.ts';

test.each([
  [' And so my fellow', ' And so much...', ' And so'],
  [' What you can do for you?', ' What you can do for', ' What you can do for'],
  [' Americans, ask', ' americans ask not', ' Americans, ask'],
  ['I hello', 'I he', 'I'],
  ['I he', 'I hello', 'I'],
  ['今日は天気が', '今日は天気がいい', '今日は天気が'],
  ['Yes.', 'No.', ''],
  ['Yes.', '', ''],
])('of %j and an earlier %j, two looks agree on %j', (text, earlier, agreed) => {
  expect(text.slice(0, agreedLength(text, earlier)).trimEnd()).toBe(agreed);
});
