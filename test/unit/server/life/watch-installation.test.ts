import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, jest, test } from '@jest/globals';
import { watchInstallation } from '../../../../daemon/src/server/life/watch-installation.ts';

test('code that an upgrade has removed is told, once, and code that is there is not', () => {
  const folder = mkdtempSync(join(tmpdir(), 'hearth-watch-'));
  const module = join(folder, 'main.js');
  writeFileSync(module, '');
  jest.useFakeTimers();
  const onGone = jest.fn();
  watchInstallation({ module, onGone });
  jest.advanceTimersByTime(600_000);
  expect(onGone).not.toHaveBeenCalled();
  renameSync(module, `${module}.old`);
  jest.advanceTimersByTime(60_000);
  expect(onGone).toHaveBeenCalledTimes(1);
  jest.advanceTimersByTime(600_000);
  expect(onGone).toHaveBeenCalledTimes(1);
  jest.useRealTimers();
  rmSync(folder, { recursive: true });
});
