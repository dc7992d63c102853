import { execFileSync } from 'node:child_process';
import { createReadStream, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { readHealth } from '../../daemon/src/client/health.ts';
import { searchHistory } from '../../daemon/src/client/history.ts';
import { makeHome, runToEnd, startDaemon } from '../../test/e2e/support/start-daemon.ts';
import { pathOf } from '../../test/engine/fork-engine.ts';

/**
 * `node bench/durability/read-only-home.ts`: a fault of the home's disk makes it read-only while the daemon runs, as Linux
 * does by itself; it is repaired and used again. Needs Linux, root, loop devices and ext4.
 */
const recording = pathOf('test/fixtures/audio/google_brooklyn.flac');
const folder = mkdtempSync(join(tmpdir(), 'hearth-disk-'));
const image = join(folder, 'disk');
const home = await makeHome();
const environment = { HEARTH_MIN_FREE_DISK_BYTES: '0' };
const faults: string[] = [];

writeFileSync(image, '');
truncateSync(image, 64 * 1024 * 1024);
execFileSync('mkfs.ext4', ['-q', '-F', image]);
mount();
try {
  await whileReadOnly();
  execFileSync('umount', [home]);
  // 1: errors were corrected.
  execFileSync('sh', ['-c', `fsck.ext4 -p '${image}' || [ $? -eq 1 ]`]);
  mount();
  await afterRepair();
} finally {
  execFileSync('umount', ['--lazy', home]);
  rmSync(home, { recursive: true });
  rmSync(folder, { recursive: true });
}
for (const fault of faults) console.log(`Expected otherwise: ${fault}`);
if (faults.length > 0) process.exitCode = 1;

async function whileReadOnly(): Promise<void> {
  const daemon = await startDaemon({ home, environment });
  const upload = (query = '') => daemon.ask({ path: `/v1/transcriptions${query}`, body: createReadStream(recording) });
  expectOf('an upload before', (await upload()).status, 200);
  const device = basename(execFileSync('findmnt', ['-n', '-o', 'SOURCE', home], { encoding: 'utf8' }).trim());
  writeFileSync(`/sys/fs/ext4/${device}/trigger_fs_error`, 'a test');
  const [refused, detached] = [await upload(), await upload('?detach=true')];
  expectOf('an upload to a disk that is read-only', refused.errorCode, 'HOME_NOT_WRITABLE');
  expectOf('a detached job there', detached.errorCode, 'HOME_NOT_WRITABLE');
  const byPath = await daemon.ask({
    path: '/v1/transcriptions?format=txt',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ path: recording }),
  });
  expectOf('a recording by its path there', byPath.text, 'How old is the Brooklyn Bridge?\n');
  const { status, problems, warnings } = await readHealth(daemon);
  console.log({ status, problems: problems.map(({ code }) => code), warnings });
  const deleted = await daemon.ask({ method: 'DELETE', path: '/v1/history' });
  expectOf('a deletion there', deleted.errorCode, 'HOME_NOT_WRITABLE');
  daemon.child.kill('SIGTERM');
  expectOf('its exit code', await daemon.exited, 0);
  const { code, output } = await runToEnd(home, environment);
  expectOf('a start there', [code, output.includes('HOME_NOT_WRITABLE')], [78, true]);
}

async function afterRepair(): Promise<void> {
  const daemon = await startDaemon({ home, environment });
  expectOf(
    'transcripts after the repair',
    (await searchHistory(daemon)).entries[0]?.excerpt,
    'How old is the Brooklyn Bridge?',
  );
  const { status } = await daemon.ask({ path: '/v1/transcriptions', body: createReadStream(recording) });
  expectOf('an upload then', status, 200);
  daemon.child.kill('SIGTERM');
  expectOf('its exit code then', await daemon.exited, 0);
}

function mount(): void {
  execFileSync('mount', ['-o', 'loop,errors=remount-ro', image, home]);
}

function expectOf(what: string, got: unknown, wanted: unknown): void {
  console.log({ what, got });
  if (JSON.stringify(got) !== JSON.stringify(wanted)) faults.push(what);
}
