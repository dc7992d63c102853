import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from '@babel/parser';
import { rootFolder } from './folders.mjs';

// What both ends of the socket and both processes use.
const shared = ['errors', 'formats', 'languages', 'log', 'messages', 'models', 'protocol', 'settings'];

/** For each folder of daemon/src, the folders that it may import; a file belongs to the innermost one that is named. */
const arrows = {
  cli: ['client', 'converters', 'finder', 'shortcuts', '@hearth/launchd', ...shared],
  client: shared,
  finder: ['mac', 'errors'],
  shortcuts: ['mac', 'errors'],
  mac: [],
  server: ['server/life', ...shared],
  'server/life': [
    ...['server/http', 'server/models', 'server/jobs', 'server/history', 'server/supervisor', 'server/sqlite'],
    ...shared,
  ],
  'server/http': [
    ...['server/schemas', 'server/models', 'server/jobs', 'server/history', 'server/supervisor'],
    ...shared,
  ],
  'server/schemas': ['server/http', ...shared],
  'server/models': ['server/supervisor', ...shared],
  'server/jobs': ['server/history', 'server/sqlite', 'server/supervisor', ...shared],
  'server/history': ['errors', 'log', 'messages', 'protocol', 'settings', 'server/sqlite'],
  'server/sqlite': ['errors'],
  'server/supervisor': shared,
  engine: ['whisper', 'converters', '@hearth/native', ...shared],
  whisper: ['@hearth/native', 'errors', 'languages', 'messages', 'protocol'],
  converters: ['errors'],
  errors: [],
  formats: ['errors', 'messages', 'protocol', 'whisper'],
  log: ['errors', 'settings'],
  messages: ['errors', 'protocol', 'whisper'],
  models: ['errors', 'settings'],
  protocol: ['errors', 'languages'],
  settings: ['errors'],
  languages: ['errors'],
};

/** Loaded only when it is asked for, and types, which are gone at run time, may go where nothing else may. */
const exceptions = [
  { from: 'cli', to: 'server', kind: 'dynamic' },
  { from: 'cli', to: 'server/history', kind: 'type' },
  { from: 'cli', to: 'server/jobs', kind: 'type' },
  { from: 'client', to: 'server/history', kind: 'type' },
  { from: 'client', to: 'server/jobs', kind: 'type' },
  { from: 'client', to: 'server/schemas', kind: 'type' },
  { from: 'messages', to: 'whisper', kind: 'type' },
  { from: 'formats', to: 'whisper', kind: 'type' },
];

/** Sentences about each import of one source that goes against the arrows; `path` is relative to daemon/src. */
export function findForbiddenImports({ path, source }) {
  const from = folderOf(path);
  return readImports(source).flatMap(({ target, kind, line }) => {
    const problem = judge({ path, from, target, kind });
    return problem === null ? [] : [`daemon/src/${path}:${line} ${problem}`];
  });
}

function judge({ path, from, target, kind }) {
  if (from === 'whisper' && target.startsWith('node:')) return `whisper/ does no I/O, got ${target}.`;
  const to = target.startsWith('.') ? folderOf(join(path, '..', target)) : target;
  if (to === from || !(to in arrows || to.startsWith('@hearth/'))) return null;
  const exception = exceptions.find((each) => each.from === from && each.to === to);
  if (exception ? exception.kind === kind : arrows[from]?.includes(to)) return null;
  return `${from}/ may not import ${to}${exception ? `, except as ${exception.kind}` : ''}.`;
}

function folderOf(path) {
  const inner = path.split('/').slice(0, 2).join('/');
  return inner in arrows ? inner : path.split('/')[0];
}

/** Every import, export-from and `import()` of a TypeScript source, with whether it leaves only types. */
export function readImports(source) {
  const { program } = parse(source, {
    sourceType: 'module',
    plugins: ['typescript'],
    createImportExpressions: true,
  });
  const found = [];
  visit(program, (node) => {
    const target = node.source?.value ?? (node.type === 'TSImportType' ? node.argument.value : undefined);
    if (typeof target === 'string') found.push({ target, kind: kindOf(node), line: node.loc.start.line });
  });
  return found;
}

function kindOf(node) {
  if (node.type === 'ImportExpression') return 'dynamic';
  const isType = node.type === 'TSImportType' || node.importKind === 'type' || node.exportKind === 'type';
  return isType ? 'type' : 'value';
}

function visit(node, see) {
  if (node === null || typeof node !== 'object') return;
  if (typeof node.type === 'string') see(node);
  for (const child of Object.values(node)) {
    if (Array.isArray(child)) for (const item of child) visit(item, see);
    else if (typeof child?.type === 'string') visit(child, see);
  }
}

function checkAll() {
  const sources = join(rootFolder, 'daemon', 'src');
  const files = readdirSync(sources, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return files.flatMap((entry) => {
    const file = join(entry.parentPath, entry.name);
    return findForbiddenImports({ path: relative(sources, file), source: readFileSync(file, 'utf8') });
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const problems = checkAll();
  for (const problem of problems) console.error(problem);
  process.exitCode = problems.length === 0 ? 0 : 1;
}
