import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pinnedNode, rootFolder } from '../folders.mjs';

const daemonFolder = join(rootFolder, 'daemon');
/** Node looks here first for what the compiled daemon imports. Without this folder it finds the packages themselves. */
const bundlesFolder = join(daemonFolder, 'dist', 'node_modules');
/** What the daemon loads to start, where it is many files. */
export const bundled = {
  '@fastify/ajv-compiler': ['.'],
  '@fastify/multipart': ['.'],
  '@fastify/swagger': ['.'],
  '@fastify/websocket': ['.'],
  fastify: ['.'],
  pino: ['.'],
  'prom-client': ['.'],
  typebox: ['.', './value'],
};

/** Puts each package of the start, with all that it needs, in one file: a start reads 300 files instead of 1,500. */
export const bundledPackages = {
  name: 'bundled-packages',
  title: 'npm packages in one file each',
  needs: [],
  pinnedBy: [join(rootFolder, 'package-lock.json'), fileURLToPath(import.meta.url)],
  outputs: Object.keys(bundled).map((name) => join(bundlesFolder, name, 'package.json')),
  // On the pinned Node: the names that a package exports are those that the daemon's Node sees.
  run: ({ run }) => run({ command: pinnedNode, args: [fileURLToPath(import.meta.url)], cwd: rootFolder }),
};

async function bundlePackages() {
  const { build } = await import('esbuild');
  const stubsFolder = join(daemonFolder, 'dist', 'bundled');
  for (const folder of [bundlesFolder, stubsFolder]) await rm(folder, { recursive: true, force: true });
  const entryPoints = [];
  for (const [name, parts] of Object.entries(bundled)) {
    for (const part of parts) {
      const out = join(name, part, 'index');
      const stub = join(stubsFolder, `${out}.mjs`);
      await mkdir(dirname(stub), { recursive: true });
      await writeFile(stub, await exportAll(join(name, part)));
      entryPoints.push({ in: stub, out });
    }
  }
  await build({
    entryPoints,
    bundle: true,
    splitting: true,
    platform: 'node',
    format: 'esm',
    target: 'node22',
    minifyWhitespace: true,
    minifySyntax: true,
    outdir: bundlesFolder,
    chunkNames: 'shared/[hash]',
    outExtension: { '.js': '.mjs' },
    // What is CommonJS inside asks for Node's own modules by `require`.
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
  });
  for (const [name, parts] of Object.entries(bundled)) {
    const exported = Object.fromEntries(parts.map((part) => [part, `./${join(part, 'index.mjs')}`]));
    await writeFile(join(bundlesFolder, name, 'package.json'), JSON.stringify({ name, exports: exported }));
  }
  await rm(stubsFolder, { recursive: true });
}

/** A module with the exports that Node sees in a package, CommonJS ones too. */
async function exportAll(specifier) {
  const names = Object.keys(await import(specifier)).filter((name) => /^\w+$/.test(name) && name !== 'module.exports');
  return `export { ${names.join(', ')} } from '${specifier}';\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await bundlePackages();
