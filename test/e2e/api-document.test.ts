import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';
import { clientsFolder, installNpmClients } from '../clients/install-clients.mjs';
import { pathOf } from '../engine/fork-engine.ts';

const run = promisify(execFile);

/** What somebody writes who has types from the document. */
const program = `
import type { components, operations } from './hearth';
type Answer<Name extends keyof operations> = operations[Name] extends { responses: { 200: { content: { 'application/json': infer A } } } } ? A : never;
declare const transcript: Answer<'transcribe'>;
declare const job: Answer<'getJob'>;
export const sameTranscript: components['schemas']['Transcript'] = transcript;
export const text: string | undefined = job.result?.segments[0]?.text;
export const status: Answer<'getHealth'>['status'] = 'ok';
export const event: components['schemas']['JobEvent']['type'] = 'segments-decoded';
// @ts-expect-error: a status that does not exist
export const other: Answer<'getHealth'>['status'] = 'fine';
`;

test('the API document is what a validator and a generator of clients expect', async () => {
  await installNpmClients();
  const folder = await mkdtemp(join(tmpdir(), 'hearth-types-'));
  const given = { document: pathOf('docs/openapi.json'), types: join(folder, 'hearth.d.ts') };
  const script = join(clientsFolder, 'generate-types.mjs');
  const { stdout } = await run(process.execPath, [script, JSON.stringify(given)], { cwd: clientsFolder });
  expect(JSON.parse(stdout)).toEqual([]);
  await writeFile(join(folder, 'program.ts'), program);
  const compiler = join(clientsFolder, 'node_modules', 'typescript', 'bin', 'tsc');
  const compiled = run(process.execPath, [compiler, '--strict', '--noEmit', '--lib', 'es2023', 'program.ts'], {
    cwd: folder,
  });
  expect(await compiled.catch(({ stdout: complaints }: { stdout: string }) => complaints)).toMatchObject({
    stdout: '',
  });
  await rm(folder, { recursive: true });
}, 900_000);
