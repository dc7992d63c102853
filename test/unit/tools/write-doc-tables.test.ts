import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { pagesWithTables, withTables } from '../../../tools/write-doc-tables.mjs';

test.each(pagesWithTables)('the tables of %s are those of the code; `npm run generate` writes them', (name) => {
  const page = readFileSync(new URL(`../../../${name}`, import.meta.url), 'utf8');
  expect(page).toContain('<!-- begin: ');
  expect(withTables(page)).toBe(page);
});
