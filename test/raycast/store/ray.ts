import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

export const extensionFolder = fileURLToPath(new URL('../../../extension', import.meta.url));
const schemaFile = fileURLToPath(new URL('./manifest.schema.json', import.meta.url));

export interface RayRun {
  readonly code: number | null;
  readonly output: string;
}

/** Runs Raycast's own tool in an extension's folder. */
export async function runRay(folder: string, args: readonly string[], environment = {}): Promise<RayRun> {
  const ray = join(folder, 'node_modules', '@raycast', 'api', 'bin', 'run.js');
  const child = spawn(process.execPath, [ray, ...args], {
    cwd: folder,
    env: { ...process.env, NO_COLOR: '1', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [output, errors, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  return { code: code as number | null, output: output + errors };
}

/**
 * `ray lint` with everything that the Store's own check has, the lock file included. What it asks of Raycast's servers
 * (who the author is, what a manifest may hold) is answered here.
 */
export async function lint(folder: string): Promise<RayRun> {
  const schema = await readFile(schemaFile);
  const server = createServer((request, response) => {
    response.setHeader('content-type', 'application/json');
    response.end(request.url?.endsWith('schema.json') ? schema : JSON.stringify({ username: 'hearth' }));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  try {
    return await runRay(folder, ['lint', '-I', '-s', `${url}/manifest.schema.json`], { CI: 'true', RAY_APIURL: url });
  } finally {
    server.close();
    server.closeAllConnections();
  }
}
