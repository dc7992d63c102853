import { expect, test } from '@jest/globals';
import { replaySound } from '../../../daemon/src/client/replay-sound.ts';

async function* pieces(count: number, size: number): AsyncGenerator<Uint8Array> {
  for (let i = 0; i < count; i++) yield Buffer.alloc(size, i);
}

async function readAll(sound: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const all: Uint8Array[] = [];
  for await (const piece of sound) all.push(piece);
  return Buffer.concat(all);
}

test('sound is read again from any place that is still there, in the middle of a piece too', async () => {
  const sound = replaySound(pieces(4, 10));
  const first = sound.from(0);
  await first.next();
  await first.next();
  await first.return(undefined);
  expect((await readAll(sound.from(15))).toString('hex')).toBe('01'.repeat(5) + '02'.repeat(10) + '03'.repeat(10));
});

test('what a reader asked for that has gone is kept for the next', async () => {
  let give: (bytes: Uint8Array) => void = () => undefined;
  async function* slow() {
    yield await new Promise<Uint8Array>((resolve) => {
      give = resolve;
    });
  }
  const sound = replaySound(slow());
  const first = sound.from(0);
  const asked = first.next();
  const left = first.return(undefined);
  const second = readAll(sound.from(0));
  give(Buffer.from('said'));
  expect((await asked).value).toEqual(Buffer.from('said'));
  await left;
  expect((await second).toString()).toBe('said');
});

test('an hour is not kept', async () => {
  const sound = replaySound(pieces(20, 1024 * 1024));
  await readAll(sound.from(0));
  expect(sound.keptFrom()).toBe(12 * 1024 * 1024);
});
