import { expect, test } from '@jest/globals';
import { createSoundRoom, type SoundRoom } from '../../../../daemon/src/engine/audio/sound-room.ts';

const never = new AbortController().signal;
const audioOf = (sampleCount: number) => ({ sampleCount });

/** Has so many recordings wait for their turn, in order; says which are in. */
function askFor(room: SoundRoom, count: number) {
  const entered: number[] = [];
  const places = Array.from({ length: count }, async (_, i) => {
    const place = await room.enter(never);
    entered.push(i);
    return place;
  });
  return { entered, place: (i: number) => places[i] as (typeof places)[number] };
}

test('recordings are opened one after the other, in the order in which they came', async () => {
  const { entered, place } = askFor(createSoundRoom(1000), 3);
  const first = await place(0);
  expect(entered).toEqual([0]);
  first.hold([audioOf(10)]);
  (await place(1)).hold([audioOf(10)]);
  await place(2);
  expect(entered).toEqual([0, 1, 2]);
});

test('once as many bytes are open as may be, the next one waits until one of them leaves', async () => {
  const { entered, place } = askFor(createSoundRoom(100), 3);
  const first = await place(0);
  first.hold([audioOf(30)]);
  const second = await place(1);
  second.hold([audioOf(10), audioOf(10)]);
  await Promise.resolve();
  expect(entered).toEqual([0, 1]);
  second.leave();
  await place(2);
  expect(entered).toEqual([0, 1, 2]);
});

test('a recording larger than the room is opened alone, and one that cannot be opened lets the next one in', async () => {
  const { entered, place } = askFor(createSoundRoom(100), 3);
  (await place(0)).leave();
  const large = await place(1);
  large.hold([audioOf(5000)]);
  await Promise.resolve();
  expect(entered).toEqual([0, 1]);
  large.leave();
  large.leave();
  await place(2);
  expect(entered).toEqual([0, 1, 2]);
});

test('whoever is cancelled while it waits is passed over', async () => {
  const room = createSoundRoom(100);
  const cancel = new AbortController();
  const first = await room.enter(never);
  const cancelled = room.enter(cancel.signal);
  const third = room.enter(never);
  const reason = new Error('cancelled');
  cancel.abort(reason);
  await expect(cancelled).rejects.toBe(reason);
  await expect(room.enter(cancel.signal)).rejects.toBe(reason);
  first.leave();
  await third;
});
