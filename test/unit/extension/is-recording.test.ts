import { readFile } from 'node:fs/promises';
import { expect, test } from '@jest/globals';
import { pathOf } from '../../engine/fork-engine.ts';

/** The endings in a source file's lists of quoted names. */
async function endingsIn(path: string): Promise<readonly string[]> {
  const lists = (await readFile(pathOf(path), 'utf8')).match(/\.\.\.\[[^\]]+\]/g) ?? [];
  return lists.flatMap((list) => [...list.matchAll(/['"]([^'"]+)['"]/g)].map(([, ending]) => `${ending}`));
}

test('Raycast takes the recordings that watched folders and the command line take', async () => {
  const endings = await endingsIn('daemon/src/protocol/is-recording.ts');
  expect(endings).toContain('m4a');
  expect(await endingsIn('extension/src/recordings/is-recording.ts')).toEqual(endings);
});
