import { EventEmitter, once } from 'node:events';
import { expect, test } from '@jest/globals';
import { boundFileWork } from '../../../daemon/src/settings/file-work.ts';

const hangs = () => new Promise<never>(() => undefined);
const answers = async () => 'here';

/** Work that ends when it is let go. */
function held() {
  const letGo = new EventEmitter();
  const work = async () => void (await once(letGo, 'go'));
  return { work, end: () => letGo.emit('go') };
}

test('work on a disk that does not answer leaves room for other places', async () => {
  const work = boundFileWork({ mostAtOnce: 3, mostInOnePlace: 2 });
  const begun: number[] = [];
  for (const number of [1, 2, 3]) {
    void work.run('away', () => {
      begun.push(number);
      return hangs();
    });
  }
  expect(await work.run('here', answers)).toBe('here');
  expect(begun).toEqual([1, 2]);
});

test('no more than the most is under way, and what waited goes on when there is room', async () => {
  const work = boundFileWork({ mostAtOnce: 1 });
  const order: string[] = [];
  const { work: holds, end } = held();
  const first = work.run('a', holds);
  const second = work.run('b', async () => void order.push('second'));
  order.push('before');
  end();
  await Promise.all([first, second]);
  expect(order).toEqual(['before', 'second']);
});

test('a caller goes on when the disk does not answer in time; one that never began is not done later', async () => {
  const work = boundFileWork({ mostAtOnce: 1 });
  const { work: holds, end } = held();
  const blocked = work.run('a', holds, 5);
  const done: string[] = [];
  const waited = work.run('a', async () => void done.push('late'), 5);
  await expect(blocked).rejects.toMatchObject({ code: 'ETIMEDOUT' });
  await expect(waited).rejects.toMatchObject({ code: 'ETIMEDOUT' });
  end();
  expect(await work.run('a', answers)).toBe('here');
  expect(done).toEqual([]);
});

test('what the work throws is thrown, and makes room', async () => {
  const work = boundFileWork({ mostAtOnce: 1 });
  await expect(work.run('a', () => Promise.reject(new Error('gone')))).rejects.toThrow('gone');
  expect(await work.run('a', answers)).toBe('here');
});
