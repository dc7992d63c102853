import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const pages = globSync(['*.md', 'docs/**/*.md', 'bench/**/*.md', 'extension/*.md'], { cwd: root });

/** The targets of a page's links and images, without those that leave the repository. */
function linksOf(page: string): readonly string[] {
  const prose = readFileSync(join(root, page), 'utf8').replace(/```.*?```|`[^`]*`/gs, '');
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, target = '']) => (/^\w+:/.test(target) ? [] : [target]));
}

/** The anchors that GitHub gives to a page's headings. */
function anchorsOf(path: string): readonly string[] {
  const headings = readFileSync(path, 'utf8').matchAll(/^#+ (.+)$/gm);
  return [...headings].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

function leadsNowhere(page: string, target: string): boolean {
  const [path = '', anchor] = target.split('#');
  const file = path === '' ? join(root, page) : join(root, dirname(page), path);
  return !existsSync(file) || (anchor !== undefined && !anchorsOf(file).includes(anchor));
}

test.each(pages)('every link of %s leads to a file, and to a heading of it', (page) => {
  expect(linksOf(page).filter((target) => leadsNowhere(page, target))).toEqual([]);
});

test('docs/README.md names every page', () => {
  const named = linksOf('docs/README.md').map((target) => join('docs', target.split('#')[0] ?? ''));
  const all = pages.filter((page) => /^docs\/[^/]+$/.test(page) && page !== 'docs/README.md');
  expect(all.filter((page) => !named.includes(page))).toEqual([]);
});

test('every path that docs/architecture.md names exists', () => {
  const spans = readFileSync(join(root, 'docs/architecture.md'), 'utf8').matchAll(
    /`((?:daemon|native|launchd|setup|tools|extension|test)\/[\w./-]+)`/g,
  );
  const paths = [...spans].map(([, path = '']) => path);
  expect(paths.length).toBeGreaterThan(30);
  expect(paths.filter((path) => !existsSync(join(root, path)))).toEqual([]);
});
