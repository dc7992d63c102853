import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { installFinderServices, uninstallFinderServices } from '../../../daemon/src/finder/finder-services.ts';

let home: string;
let request: { servicesFolder: string; pasteboardProgram: string };

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'hearth-services-'));
  const pasteboardProgram = join(home, 'pbs');
  await writeFile(pasteboardProgram, `#!/bin/sh\necho "$@" >> '${home}/calls'\n`, { mode: 0o755 });
  request = { servicesFolder: join(home, 'Library', 'Services'), pasteboardProgram };
});

afterEach(() => rm(home, { recursive: true }));

const install = (launcher = '/opt/hearth') => installFinderServices({ ...request, launcher });

test('both entries are written and the menu is read anew', async () => {
  const bundles = await install();
  expect(bundles.map((bundle) => basename(bundle))).toEqual([
    'Transcribe with Hearth.workflow',
    'Make Subtitles with Hearth.workflow',
  ]);
  for (const bundle of bundles)
    expect(await readdir(join(bundle, 'Contents'))).toEqual(['Info.plist', 'document.wflow']);
  expect(await readFile(join(home, 'calls'), 'utf8')).toBe('-flush\n');
});

test('installed again, an entry runs the Hearth of now and nothing is left of the older one', async () => {
  const [bundle = ''] = await install('/old/hearth');
  await writeFile(join(bundle, 'Contents', 'stray'), '');
  await install('/new/hearth');
  const workflow = await readFile(join(bundle, 'Contents', 'document.wflow'), 'utf8');
  expect(workflow).toContain("hearth='/new/hearth'");
  expect(workflow).not.toContain('/old/hearth');
  expect(existsSync(join(bundle, 'Contents', 'stray'))).toBe(false);
  expect(await readdir(request.servicesFolder)).toHaveLength(2);
});

test('uninstalled, our entries are gone, others stay, and a second time there is nothing to do', async () => {
  await install();
  await writeFile(join(request.servicesFolder, 'Other.workflow'), '');
  expect(await uninstallFinderServices(request)).toBe(true);
  expect(await readdir(request.servicesFolder)).toEqual(['Other.workflow']);
  expect(await uninstallFinderServices(request)).toBe(false);
});

test('a menu that cannot be read anew is no failure', async () => {
  request = { ...request, pasteboardProgram: '/nowhere/pbs' };
  expect(await install()).toHaveLength(2);
});

test('a folder that cannot be written is told', async () => {
  await writeFile(join(home, 'Library'), '');
  await expect(install()).rejects.toMatchObject({ code: 'OUTPUT_NOT_WRITABLE' });
});
