import { spawnSync } from 'node:child_process';
import { expect, test } from '@jest/globals';
import { createNative } from '../../native/index.ts';
import { pathOf } from './fork-engine.ts';
import { recordingPath } from './support/recordings.ts';

// Elsewhere no limit makes the system refuse memory, and CUDA heeds none.
const testOnLinux = process.platform === 'linux' && !createNative().info().gpuAvailable ? test : test.skip;

testOnLinux('memory that is missing is an error of the call that wanted it, and the next one goes on', () => {
  const script = pathOf('test/engine/run-out-of-memory.mjs');
  const { status, signal, stdout, stderr } = spawnSync(process.execPath, [script, recordingPath('jfk.flac')], {
    encoding: 'utf8',
  });
  expect({ status, signal, stderr: stderr.replace(/^.*ExperimentalWarning.*\n.*\n/gm, '') }).toMatchObject({
    status: 0,
    signal: null,
  });
  expect(JSON.parse(stdout)).toEqual({
    code: 'OUT_OF_MEMORY',
    message: 'There is not enough memory for this recording.',
    windowsAfterwards: 1,
  });
});
