import { Readable } from 'node:stream';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readJsonLines } from '../../../daemon/src/client/read-events.ts';

async function readAll(chunks: readonly Uint8Array[]): Promise<unknown[]> {
  const values = [];
  for await (const value of readJsonLines(Readable.from(chunks))) values.push(value);
  return values;
}

test('lines come out the same however the bytes are cut, also inside a character', async () => {
  const line = fc.record({ text: fc.string({ unit: 'grapheme' }), seq: fc.nat() });
  await fc.assert(
    fc.asyncProperty(
      fc.array(line),
      fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }),
      async (lines, sizes) => {
        const bytes = Buffer.from(lines.map((each) => `${JSON.stringify(each)}\n`).join(''));
        const chunks: Buffer[] = [];
        for (let from = 0, cut = 0; from < bytes.length; cut += 1) {
          const size = sizes[cut % sizes.length] as number;
          chunks.push(bytes.subarray(from, from + size));
          from += size;
        }
        expect(await readAll(chunks)).toEqual(lines);
      },
    ),
  );
});

test('a last line without its end is not taken for a whole one', async () => {
  expect(await readAll([Buffer.from('{"seq":0}\n{"seq":1')])).toEqual([{ seq: 0 }]);
});
