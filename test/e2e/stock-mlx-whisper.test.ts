import { execFileSync, spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadModelForced } from '@hearth/native/testing';
import { expect, test } from '@jest/globals';
import { rootFolder } from '../../setup/folders.mjs';
import { installPython } from '../clients/install-python.mjs';
import { textOf } from '../engine/support/decode-request.ts';
import { encodeWindow, native, readMelWindow, sessionOf } from '../engine/support/embedded-model.ts';
import { withTemporaryFolder } from '../engine/support/temporary-folder.ts';

const installingMs = 600_000;
const hasPython = spawnSync('python3', ['-c', 'import sys; sys.exit(sys.version_info < (3, 11))']).status === 0;
const program = join(rootFolder, 'test', 'clients', 'stock_mlx_whisper.py');
const embedded = join(rootFolder, 'assets', 'models', 'whisper-base-4bit');
const clip = { file: '1688-142285-0002.flac', frameCount: 283, windowFrames: 400 };

(hasPython ? test : test.skip).each([32, 64])(
  `stock mlx_whisper loads what quantize makes of real weights in groups of %d, and writes the same tokens${hasPython ? '' : ' (not run: there is no Python 3.11)'}`,
  (groupSize) =>
    withTemporaryFolder((source) =>
      withTemporaryFolder(async (made) => {
        const packages = join(rootFolder, 'build', 'test-mlx-whisper', 'python');
        await installPython({
          name: 'test-mlx-whisper-python',
          title: 'Stock mlx_whisper for tests',
          requirements: 'bench/requirements/mlx-whisper.txt',
          folder: packages,
          // It requires PyTorch, but only needs it for conversions.
          withDependencies: false,
        });
        const stock = (...values: readonly string[]) =>
          execFileSync('python3', [program, ...values], {
            encoding: 'utf8',
            env: { ...process.env, PYTHONPATH: packages, HF_HUB_OFFLINE: '1' },
          });
        stock('float16', embedded, source);
        await native.quantizeModel({
          folder: source,
          outputFolder: made,
          bits: 4,
          encoderBits: 4,
          groupSize,
          windows: [],
        });
        const model = await loadModelForced({ folder: made, float32: true });
        const features = join(made, 'features.f32');
        await writeFile(features, await readMelWindow(model, clip));
        const encoding = await encodeWindow(model, clip);
        const session = sessionOf(model);
        const [ours] = await session.decode(textOf({ language: 'en' }, encoding));
        session.close();
        encoding.close();
        await model.close();
        const theirs = JSON.parse(stock('decode', made, features, 'en')) as readonly number[];
        expect(theirs.length).toBeGreaterThan(5);
        expect(ours?.tokens).toEqual(theirs);
      }),
    ),
  installingMs,
);
