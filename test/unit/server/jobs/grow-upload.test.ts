import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';

const built = new URL('../../../../daemon/dist/server/jobs/grow-upload.js', import.meta.url).href;

/** In a process of its own: its files may grow no further than a length, as on a full disk, until they may again. */
const script = `
  import { spawnSync } from 'node:child_process';
  import { growUpload } from '${built}';
  const limitFiles = (bytes) => spawnSync('prlimit', ['--pid', String(process.pid), '--fsize=' + bytes + ':unlimited']);
  process.on('SIGXFSZ', () => undefined);
  const free = { requireSize: () => undefined, requireDisk: async () => undefined };
  const upload = await growUpload({ path: process.argv[1], firstBytes: Buffer.from('head'), ...free });
  limitFiles(7);
  const code = await upload.append(Buffer.from('lost.')).then(() => 'none', (error) => error.code);
  limitFiles('unlimited');
  await upload.append(Buffer.from('more'));
  console.log(code, upload.byteCount());
  await upload.close();
`;

const withLimit = spawnSync('prlimit', ['--version']).status === 0 ? test : test.skip;
withLimit(
  'a piece that was written in part only leaves no trace in what comes after it, if there is prlimit',
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'hearth-grow-'));
    const path = join(folder, 'talk.wav');
    const told = execFileSync(process.execPath, ['--input-type=module', '-e', script, path], { encoding: 'utf8' });
    expect(told).toMatch(/^[A-Z_]+ 8\n$/);
    expect(String(await readFile(path))).toBe('headmore');
    await rm(folder, { recursive: true });
  },
);
