import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pinnedNode, rootFolder } from '../folders.mjs';

const daemonFolder = join(rootFolder, 'daemon');
/** Node looks here first for what the compiled daemon imports. Without this folder it finds the packages themselves. */
const bundlesFolder = join(daemonFolder, 'dist', 'node_modules');
const stubsFolder = join(daemonFolder, 'dist', 'stubs');
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
const specifiers = Object.entries(bundled).flatMap(([name, parts]) => parts.map((part) => join(name, part)));

/** Puts each package of the start, with all that it needs, in one file: a start reads 300 files instead of 1,500. */
export const bundledPackages = {
  name: 'bundled-packages',
  title: 'npm packages in one file each',
  needs: [],
  pinnedBy: [join(rootFolder, 'package-lock.json'), fileURLToPath(import.meta.url)],
  outputs: Object.keys(bundled).map((name) => join(bundlesFolder, name, 'package.json')),
  async run({ run }) {
    for (const folder of [bundlesFolder, stubsFolder]) await rm(folder, { recursive: true, force: true });
    await writeStubs(run);
    await run({
      command: join(rootFolder, 'node_modules', '.bin', 'esbuild'),
      args: [
        ...specifiers.map((each) => `${each}/index=${stubOf(each)}`),
        ...['--bundle', '--splitting', '--platform=node', '--format=esm', '--target=node22', '--log-level=warning'],
        ...['--minify-whitespace', '--minify-syntax', '--chunk-names=shared/[hash]', '--out-extension:.js=.mjs'],
        // What is CommonJS inside asks for Node's own modules by `require`.
        `--banner:js=import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);`,
        `--outdir=${bundlesFolder}`,
      ],
      cwd: daemonFolder,
    });
    await rm(stubsFolder, { recursive: true });
    for (const [name, parts] of Object.entries(bundled)) {
      const exported = Object.fromEntries(parts.map((part) => [part, `./${join(part, 'index.mjs')}`]));
      await writeFile(join(bundlesFolder, name, 'package.json'), JSON.stringify({ name, exports: exported }));
    }
  },
};

/** Modules with the exports that the pinned Node sees in the packages, those in CommonJS too. */
async function writeStubs(run) {
  const script =
    'for (const each of process.argv.slice(1)) console.log(JSON.stringify(Object.keys(await import(each))));';
  const lines = await run({
    command: pinnedNode,
    args: ['--no-warnings', '--input-type=module', '--eval', script, '--', ...specifiers],
    cwd: daemonFolder,
  });
  for (const [i, specifier] of specifiers.entries()) {
    const names = JSON.parse(lines[i]).filter((name) => /^\w+$/.test(name));
    const stub = stubOf(specifier);
    await mkdir(dirname(stub), { recursive: true });
    await writeFile(stub, `export { ${names.join(', ')} } from '${specifier}';\n`);
  }
}

function stubOf(specifier) {
  return join(stubsFolder, specifier, 'index.mjs');
}
