import { expect } from '@jest/globals';

/**
 * Arrays of numbers that are the same bytes are equal. Jest asks about every number by itself, which takes seconds for a
 * recording; it still does so for arrays that differ.
 */
expect.addEqualityTesters([
  (a, b) =>
    ArrayBuffer.isView(a) && a.constructor === b?.constructor && bytesOf(a).equals(bytesOf(b)) ? true : undefined,
]);

function bytesOf({ buffer, byteOffset, byteLength }) {
  return Buffer.from(buffer, byteOffset, byteLength);
}
