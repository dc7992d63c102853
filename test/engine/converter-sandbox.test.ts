import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createFfmpeg } from '../../daemon/src/converters/ffmpeg.ts';
import { describeSandbox, noSandbox, systemSandbox } from '../../daemon/src/converters/sandbox.ts';
import { sandboxFor } from '../../daemon/src/converters/sandbox-for.ts';
import { testConverters } from './support/test-converters.ts';

const [converter] = await testConverters();
const sandbox = systemSandbox();
// An older kernel, or another system, has no Landlock; its sandbox is tried by hand.
const describeWhere = describeSandbox().seesOnlyItsInput && sandbox.name === 'Landlock' ? describe : describe.skip;

let folder: string;
let inputPath: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hearth-sandbox-'));
  inputPath = join(folder, 'recording');
  await writeFile(inputPath, 'sound');
  await writeFile(join(folder, 'secret'), 'secret');
});

afterEach(() => rm(folder, { recursive: true }));

/** Runs a line of shell as a converter is run. */
function shell(line: string) {
  const command = sandbox.confine({ executable: '/bin/bash', arguments: ['-c', line], inputPath, outputPath: null });
  return spawnSync(command.executable, [...command.arguments], { encoding: 'utf8' });
}

describeWhere('a program in the sandbox', () => {
  test('reads its input', () => {
    expect(shell(`cat ${inputPath}`).stdout).toBe('sound');
  });

  test.each(['secret', '../../etc/passwd', '../../proc/1/environ'])('cannot read %s', (name) => {
    expect(shell(`cat ${join(folder, name)}`)).toMatchObject({ stdout: '', status: 1 });
  });

  test('cannot list the folder of its input', () => {
    expect(shell(`ls ${folder}`).stdout).toBe('');
  });

  test('cannot write, not even over its input', () => {
    expect(shell(`echo x > ${join(folder, 'new')}`).status).not.toBe(0);
    expect(shell(`echo x > ${inputPath}`).status).not.toBe(0);
    expect(shell(`cat ${inputPath}`).stdout).toBe('sound');
  });

  test('reaches no address', async () => {
    let connections = 0;
    const server = createServer((socket) => {
      connections += 1;
      socket.destroy();
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const { port } = server.address() as AddressInfo;
    expect(shell(`exec 3<>/dev/tcp/127.0.0.1/${port}`).status).not.toBe(0);
    server.close();
    await once(server, 'close');
    expect(connections).toBe(0);
  });

  test('has limits of memory, processor time, files and written bytes', () => {
    const [memory, seconds, files, written, core] = shell('ulimit -v; ulimit -t; ulimit -n; ulimit -f; ulimit -c')
      .stdout.split('\n')
      .map(Number);
    expect({ memory, seconds, files, written, core }).toEqual({
      memory: 2 * 1024 * 1024,
      seconds: 3600,
      files: 64,
      written: 0,
      core: 0,
    });
  });

  test('is what it names, or is told to be missing', () => {
    const { executable, arguments: given } = sandbox.confine({
      executable: join(folder, 'no-such-program'),
      arguments: [],
      inputPath,
      outputPath: null,
    });
    expect(spawnSync(executable, [...given]).status).toBe(127);
  });
});

describe('a converter is tried in the sandbox before it is trusted with it', () => {
  (converter === undefined ? test.skip : test)('one that works there stays there', async () => {
    const found = await sandboxFor({ converter: createFfmpeg(converter?.executable ?? ''), temporaryFolder: folder });
    expect(found.name).toBe(sandbox.name);
  });

  (converter === undefined ? test.skip : test)('one that needs more runs without', async () => {
    const wrapper = join(folder, 'ffmpeg');
    const needed = join(folder, 'needed');
    await writeFile(needed, '');
    await writeFile(wrapper, `#!/bin/sh\n. ${needed} || exit 1\nexec ${converter?.executable} "$@"\n`);
    await chmod(wrapper, 0o755);
    const found = await sandboxFor({ converter: createFfmpeg(wrapper), temporaryFolder: folder });
    expect(found.name).toBe(noSandbox.name);
  });

  test('one that does not work at all stays confined', async () => {
    const found = await sandboxFor({ converter: createFfmpeg('/bin/false'), temporaryFolder: folder });
    expect(found.name).toBe(sandbox.name);
  });
});
