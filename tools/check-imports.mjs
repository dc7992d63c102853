import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path/posix';
import { fileURLToPath } from 'node:url';
import { parseSync } from 'oxc-parser';
import { rootFolder } from '../setup/folders.mjs';
import { findCircles } from './import-circles.mjs';

// What both ends of the socket and both processes use.
const shared = daemon('errors', 'formats', 'languages', 'log', 'models', 'protocol', 'settings', 'time');

/** For each folder, the folders that it may import. A file belongs to the innermost folder that is named here. */
const arrows = {
  native: [],
  launchd: [],
  extension: [],
  setup: [],
  tools: ['setup', 'daemon', 'test'],
  bench: ['setup', 'daemon', 'native', 'launchd', 'test'],
  test: ['setup', 'daemon', 'native', 'launchd', 'extension', 'tools', 'bench'],
  'daemon/src/cli': [
    'launchd',
    ...daemon('client', 'converters', 'recorder', 'finder', 'mac', 'mcp', 'shortcuts'),
    ...shared,
  ],
  'daemon/src/client': shared,
  'daemon/src/finder': daemon('mac', 'errors'),
  'daemon/src/shortcuts': daemon('mac', 'errors'),
  'daemon/src/mac': [],
  'daemon/src/mcp': shared,
  'daemon/src/dictionary': daemon('protocol'),
  'daemon/src/clean-up': daemon('dictionary', 'protocol'),
  'daemon/src/server': ['daemon/src/server/life', ...shared],
  'daemon/src/server/life': [
    ...server('http', 'models', 'jobs', 'history', 'words', 'supervisor', 'sqlite', 'watch', 'node-ipc'),
    ...shared,
  ],
  'daemon/src/server/http': [
    ...server('models', 'jobs', 'history', 'words', 'supervisor', 'watch'),
    ...daemon('mcp'),
    ...shared,
  ],
  'daemon/src/server/node-ipc': daemon('errors', 'protocol'),
  'daemon/src/server/watch': [...server('models', 'jobs', 'history', 'sqlite'), ...shared],
  'daemon/src/server/models': [...server('supervisor'), ...shared],
  'daemon/src/server/jobs': [
    ...server('history', 'sqlite', 'supervisor'),
    ...daemon('clean-up', 'dictionary'),
    ...shared,
  ],
  'daemon/src/server/words': daemon('clean-up', 'errors', 'protocol', 'settings'),
  'daemon/src/server/history': [...server('sqlite'), ...daemon('errors', 'log', 'protocol', 'settings')],
  'daemon/src/server/sqlite': daemon('errors', 'settings'),
  'daemon/src/server/supervisor': shared,
  'daemon/src/engine': ['native', ...daemon('whisper', 'dictionary', 'converters'), ...shared],
  'daemon/src/quantize': ['native', ...daemon('engine', 'whisper'), ...shared],
  'daemon/src/whisper': ['native', ...daemon('dictionary', 'errors', 'languages', 'protocol')],
  'daemon/src/converters': daemon('errors', 'settings', 'time'),
  'daemon/src/recorder': ['launchd', ...daemon('errors')],
  'daemon/src/time': [],
  'daemon/src/errors': [],
  'daemon/src/formats': daemon('languages', 'protocol'),
  'daemon/src/log': daemon('errors', 'settings'),
  'daemon/src/models': ['native', ...daemon('errors', 'languages', 'protocol', 'settings')],
  'daemon/src/protocol': daemon('errors', 'languages'),
  'daemon/src/settings': daemon('errors'),
  'daemon/src/languages': daemon('errors'),
};

/** Arrows for one kind of import only: loaded when asked for, or types, which are gone at run time. */
const exceptions = [{ from: 'daemon/src/cli', to: 'daemon/src/server', kind: 'dynamic' }];

/** Folders that import no packages of some kind, and why. */
const packageRules = [
  { from: 'daemon/src/whisper', matches: /^node:/, reason: 'does no I/O' },
  { from: 'setup', matches: /^(?!node:)/, reason: 'runs before any package is installed' },
];

function daemon(...names) {
  return names.map((name) => `daemon/src/${name}`);
}

function server(...names) {
  return names.map((name) => `daemon/src/server/${name}`);
}

/** One sentence for each import of a source file that breaks a rule; `path` is relative to the checkout. */
export function findForbiddenImports({ path, source }) {
  const from = folderOf(path);
  if (from === undefined) return [`${path} is in a folder that tools/check-imports.mjs does not name.`];
  return readImports({ path, source }).flatMap(({ target, kind, line }) => {
    const problem = judge({ path, from, target, kind });
    return problem === null ? [] : [`${path}:${line} ${problem}`];
  });
}

function judge({ path, from, target, kind }) {
  const place = target.startsWith('.') ? join(dirname(path), target) : workspaceOf(target);
  if (place === undefined) {
    const rule = packageRules.find((each) => each.from === from && each.matches.test(target));
    return rule === undefined ? null : `${from} ${rule.reason}, so it may not import ${target}.`;
  }
  const to = folderOf(place) ?? place;
  if (to === from || arrows[from].some((allowed) => isInside(to, allowed))) return null;
  const exception = exceptions.find((each) => each.from === from && each.to === to);
  if (exception?.kind === kind) return null;
  return `${from} may not import ${to}${exception ? `, except as ${exception.kind}` : ''}.`;
}

/** The folder of this repository that a package of ours is in. */
function workspaceOf(target) {
  return /^@hearth\/(\w+)/.exec(target)?.[1];
}

function folderOf(path) {
  if (path === '.' || path in arrows) return path in arrows ? path : undefined;
  return folderOf(dirname(path));
}

function isInside(path, folder) {
  return path === folder || path.startsWith(`${folder}/`);
}

/** Every import, export-from, `import()` and imported type of a source file, with what it leaves at run time. */
export function readImports({ path, source }) {
  const found = [];
  visit(parseSync(path, source).program, (node) => {
    const target = node.source?.value;
    if (typeof target !== 'string') return;
    found.push({ target, kind: kindOf(node), line: source.slice(0, node.start).split('\n').length });
  });
  return found;
}

function kindOf(node) {
  if (node.type === 'ImportExpression') return 'dynamic';
  const isType = node.type === 'TSImportType' || node.importKind === 'type' || node.exportKind === 'type';
  return isType ? 'type' : 'value';
}

function visit(node, see) {
  see(node);
  for (const child of Object.values(node).flat()) if (typeof child?.type === 'string') visit(child, see);
}

/** One sentence for each circle of imports, those of types included; `sources` has the text of each file by its path. */
export function findImportCircles(sources) {
  const imports = new Map(
    [...sources].map(([path, source]) => [
      path,
      readImports({ path, source }).flatMap(({ target }) => findFile({ path, target, sources }) ?? []),
    ]),
  );
  return findCircles(imports).map((circle) => `Imports go in a circle: ${circle.join(' -> ')}.`);
}

/** The extension leaves endings out. */
function findFile({ path, target, sources }) {
  if (!target.startsWith('.')) return undefined;
  const place = join(dirname(path), target);
  return ['', '.ts', '.tsx', '.d.ts'].map((ending) => place + ending).find((file) => sources.has(file));
}

function checkAll() {
  const skipped = ['node_modules', 'dist', 'build', 'deps', 'fixtures'];
  const exclude = skipped.map((name) => `**/${name}`);
  const files = globSync('*/**/*.{ts,tsx,mjs}', { cwd: rootFolder, exclude });
  const sources = new Map(files.map((path) => [path, readFileSync(join(rootFolder, path), 'utf8')]));
  const forbidden = [...sources].flatMap(([path, source]) => findForbiddenImports({ path, source }));
  return [...forbidden, ...findImportCircles(sources)];
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const problems = checkAll();
  for (const problem of problems) console.error(problem);
  process.exitCode = problems.length === 0 ? 0 : 1;
}
