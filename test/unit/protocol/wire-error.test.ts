import { expect, test } from '@jest/globals';
import { HearthError } from '../../../daemon/src/errors/hearth-error.ts';
import { fromWireError, isUnexpected, toWireError } from '../../../daemon/src/protocol/wire-error.ts';

test('an error crosses a process or the socket with its code, its message and its hint', () => {
  const error = new HearthError('DISK_FULL', 'Expected room, got none.', { hint: 'Make room.' });
  const crossed = fromWireError(JSON.parse(JSON.stringify(toWireError(error))));
  expect(crossed).toMatchObject({ code: 'DISK_FULL', message: 'Expected room, got none.', hint: 'Make room.' });
});

test('an error of the addon, which knows no hints, gets the one of its code', () => {
  const thrown = Object.assign(new Error('Expected sound, got noise.'), { code: 'AUDIO_CORRUPT' });
  expect(toWireError(thrown)).toEqual({
    code: 'AUDIO_CORRUPT',
    message: 'Expected sound, got noise.',
    hint: 'Check that the file plays in another program, or export it again.',
  });
});

test.each([
  [new TypeError('x is undefined'), 'TypeError'],
  [Object.assign(new Error("ENOENT: no such file, open '/secret'"), { code: 'ENOENT' }), 'ENOENT'],
  [Object.assign(new Error('[matmul] Last dimension of first input'), { code: 'ENGINE' }), 'ENGINE'],
  [Object.assign(new Error('no'), { code: 'two words' }), 'Error'],
  ['thrown text', 'string'],
  [undefined, 'undefined'],
])('what has no code of ours is our fault, and told in our words: %p', (thrown, kind) => {
  expect(isUnexpected(thrown)).toBe(true);
  expect(toWireError(thrown)).toEqual({
    code: 'INTERNAL',
    message: `Hearth met an error that it does not expect (${kind}).`,
    hint: 'This is a bug in Hearth. Please report it with the log.',
  });
});

test('a message that quotes a long value is cut', () => {
  const { message } = toWireError(new HearthError('MODEL_INVALID', `Expected a model, got ${'x'.repeat(30_000_000)}.`));
  expect(message).toHaveLength(2001);
});
