import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { embeddedModelName } from '../../../daemon/src/settings/default-model.ts';
import { readSettings, variableName } from '../../../daemon/src/settings/read-settings.ts';

const page = readFileSync(new URL('../../../docs/settings.md', import.meta.url), 'utf8');
const rows = page.split('\n').flatMap((line) => {
  const cells = line.split('|').map((cell) => cell.trim().replaceAll('`', ''));
  return cells[2]?.startsWith('HEARTH_') ? [cells.slice(1, 4)] : [];
});

test('the page lists every setting with its variable and its default', () => {
  // A Mac has another default, which the page tells in words.
  const defaults = Object.entries({ ...readSettings('/nowhere/settings.json', {}), model: embeddedModelName });
  expect(rows).toEqual(defaults.map(([key, value]) => [key, variableName(key), String(value)]));
});
