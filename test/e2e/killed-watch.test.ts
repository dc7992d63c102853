import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import pino from 'pino';
import { openHistory } from '../../daemon/src/server/history/open-history.ts';

const standIn = fileURLToPath(new URL('../stand-ins/watching-daemon.ts', import.meta.url));
const recordings = 1000;
const kills = 10;

interface Told {
  readonly state: readonly { readonly counts: { readonly done: number; readonly failed: number } }[];
  readonly heapUsed: number;
}

let root: string;
let home: string;
let folder: string;
let child: ChildProcess;

beforeEach(() => {
  // In memory where there is such a disk: the kills are what counts here, and not the pace of the disk.
  root = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'hearth-watch-'));
  [home, folder] = [join(root, 'home'), join(root, 'folder')];
  for (const path of [home, folder, join(root, 'drop')]) mkdirSync(path);
});

afterEach(() => {
  child.kill('SIGKILL');
  rmSync(root, { recursive: true });
});

function start(): void {
  child = fork(standIn, [home], { execArgv: ['--disable-warning=ExperimentalWarning'] });
}

/** The first that the stand-in tells and that is so. */
async function until(isSo: (told: Told) => boolean): Promise<Told> {
  for (;;) {
    const [told] = (await once(child, 'message')) as [Told | { added: true }];
    if ('state' in told && isSo(told)) return told;
  }
}

const doneOf = ({ state }: Told) => state[0]?.counts.done ?? 0;

function historyTotal(): number {
  const log = pino({ level: 'silent' });
  const history = openHistory({
    ...{ path: join(home, 'history.sqlite'), log, limits: () => ({ historyDays: 0, historyEntries: 100_000 }) },
  });
  const { total } = history.search({ query: '', limit: 1, before: null });
  history.close();
  return total;
}

test('a thousand recordings at once and ten kills: each is transcribed once, none is lost, and memory stays', async () => {
  start();
  child.send({ path: folder, formats: ['txt', 'json'], moveDone: join(root, 'done') });
  await until(({ state }) => state.length === 1);
  for (let number = 0; number < recordings; number++) {
    writeFileSync(join(root, 'drop', `talk ${number}.wav`), `words of ${number}`);
  }
  for (const name of readdirSync(join(root, 'drop'))) renameSync(join(root, 'drop', name), join(folder, name));

  let done = 0;
  for (let kill = 1; kill <= kills; kill++) {
    const wanted = Math.max(done + 1, Math.floor((recordings / (kills + 2)) * kill));
    done = doneOf(await until((told) => doneOf(told) >= wanted));
    child.kill('SIGKILL');
    await once(child, 'exit');
    start();
  }
  const heaps: number[] = [];
  const ended = await until((told) => {
    heaps.push(told.heapUsed);
    return doneOf(told) >= recordings;
  });
  expect(ended.state[0]?.counts).toMatchObject({ done: recordings, failed: 0, waiting: 0, running: 0 });

  const written = readdirSync(folder).sort();
  const names = Array.from({ length: recordings }, (_, number) => `talk ${number}`);
  expect(written).toEqual(names.flatMap((name) => [`${name}.json`, `${name}.txt`]).sort());
  for (const name of names) {
    expect(readFileSync(join(folder, `${name}.txt`), 'utf8').trim()).toBe(`words of ${name.slice('talk '.length)}`);
  }
  expect(readdirSync(join(root, 'done')).sort()).toEqual(names.map((name) => `${name}.wav`).sort());
  expect(historyTotal()).toBe(recordings);
  process.stderr.write(
    `heap: ${Math.round((heaps[0] ?? 0) / 1e6)} MB, then at most ${Math.round(Math.max(...heaps) / 1e6)} MB\n`,
  );
  expect(Math.max(...heaps)).toBeLessThan(150e6);
});
