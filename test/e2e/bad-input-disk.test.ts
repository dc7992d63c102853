import { spawnSync } from 'node:child_process';
import { chmodSync, createReadStream } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { pathOf } from '../engine/fork-engine.ts';
import { testConverters } from '../engine/support/test-converters.ts';
import { runToEnd, startDaemon } from './support/start-daemon.ts';

const jfk = pathOf('assets/samples/jfk.flac');
const isRoot = process.getuid?.() === 0;
let disk: string;

beforeEach(async () => {
  disk = await mkdtemp(join(tmpdir(), 'hearth-disk-'));
});

afterEach(async () => {
  spawnSync('umount', [disk]);
  await rm(disk, { recursive: true });
});

function mountDisk(options: string): void {
  const { status, stderr } = spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', disk], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`Expected to mount a small disk, got: ${stderr}`);
}

/** Elsewhere only the unit tests, whose writes find a full device, show a full disk. */
const canMount = isRoot && spawnSync('unshare', ['--mount', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']).status === 0;

(canMount ? test : test.skip)('an upload that fills the disk is refused, and the daemon goes on', async () => {
  mountDisk('size=3m');
  const home = join(disk, 'home');
  const daemon = await startDaemon({ home, environment: { HEARTH_MIN_FREE_DISK_BYTES: '0' } });
  const large = Readable.from(Array.from({ length: 100 }, () => Buffer.alloc(64 * 1024)));
  const refused = await daemon.ask({ path: '/v1/transcriptions', body: large });
  expect([refused.status, refused.errorCode]).toEqual([507, 'DISK_FULL']);
  expect(await daemon.spooled()).toEqual([]);
  const answer = await daemon.ask({ path: '/v1/transcriptions?format=txt', body: createReadStream(jfk) });
  expect(answer.text).toContain('fellow Americans');
  expect(await readFile(join(home, 'logs', 'hearth.log'), 'utf8')).toContain('"statusCode":507');
  expect(await daemon.stop()).toBe(0);
});

const [converter] = await testConverters();

(canMount && converter !== undefined ? test : test.skip)(
  'a recording that grows beyond the disk when it is converted is refused, and leaves what has to stay free',
  async () => {
    mountDisk('size=64m');
    const small = join(disk, 'silence.mka');
    const silence = ['-f', 'lavfi', '-i', 'anullsrc=r=8000:cl=mono', '-t', '3600', '-c:a', 'flac'];
    spawnSync(converter?.executable ?? '', ['-nostdin', '-v', 'error', ...silence, '-frame_size', '65535', small]);
    const environment = {
      HEARTH_MIN_FREE_DISK_BYTES: String(32 * 1024 * 1024),
      HEARTH_FFMPEG: converter?.executable ?? '',
    };
    const home = join(disk, 'home');
    const daemon = await startDaemon({ home, environment });
    const refused = await daemon.ask({ path: '/v1/transcriptions', body: createReadStream(small) });
    expect([refused.status, refused.errorCode]).toEqual([507, 'DISK_FULL']);
    const left = (await readdir(join(home, 'temporary'), { recursive: true })).filter((name) => name.endsWith('.wav'));
    expect(left).toEqual([]);
    const answer = await daemon.ask({ path: '/v1/transcriptions?format=txt', body: createReadStream(jfk) });
    expect(answer.text).toContain('fellow Americans');
    expect(await daemon.stop()).toBe(0);
  },
);

// Permissions do not hold root back; a disk that takes no writes does.
(canMount || !isRoot ? test : test.skip)('a home that is read-only is told, and is not tried again', async () => {
  if (isRoot) mountDisk('ro');
  else chmodSync(disk, 0o555);
  const { code, output } = await runToEnd(join(disk, 'home'));
  expect(code).toBe(78);
  expect(output).toMatch(/HOME_NOT_WRITABLE.*\n.*HEARTH_HOME/);
});
