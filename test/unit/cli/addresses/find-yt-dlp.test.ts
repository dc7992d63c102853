import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { expect, test } from '@jest/globals';
import { findYtDlp } from '../../../../daemon/src/cli/addresses/find-yt-dlp.ts';

test('the first on the PATH that can be run is taken; without one it is said how to install it', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'hearth-yt-dlp-'));
  const program = join(folder, 'yt-dlp');
  await writeFile(program, '#!/bin/sh\n');
  const find = (platform: NodeJS.Platform) =>
    findYtDlp({ PATH: ['/no/such', folder].join(delimiter) }, { platform, others: [] });
  await expect(find('darwin')).rejects.toMatchObject({
    code: 'DOWNLOADER_MISSING',
    hint: expect.stringContaining('brew install yt-dlp'),
  });
  await expect(find('linux')).rejects.toMatchObject({ hint: expect.stringContaining('pipx install yt-dlp') });
  await chmod(program, 0o755);
  await expect(find('linux')).resolves.toBe(program);
  await rm(folder, { recursive: true });
});
