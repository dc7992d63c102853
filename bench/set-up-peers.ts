import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { languages } from '../daemon/src/languages/languages.ts';

/** Peers from PyPI. */
export type PeerName = 'faster-whisper' | 'openai-whisper' | 'mlx-whisper' | 'transcribe-cpp';

const benchFolder = fileURLToPath(new URL('.', import.meta.url));
const buildFolder = fileURLToPath(new URL('../build/bench', import.meta.url));
const embeddedModel = fileURLToPath(new URL('../assets/models/whisper-base-4bit', import.meta.url));
const vocabulary = fileURLToPath(new URL('../assets/tokenizer/multilingual.tiktoken', import.meta.url));
const environment = join(buildFolder, 'environment');
const python = join(environment, 'bin', 'python');
/** The embedded model does not support Cantonese. */
const languageCodes = languages.slice(0, 99).map(([code]) => code);

/** Installs a peer beside the benchmark, once for each state of its requirements, and gives it the embedded weights. */
export function setUpPeer(name: PeerName): { readonly python: string; readonly model: string } {
  mkdirSync(buildFolder, { recursive: true });
  const requirements = join(benchFolder, 'requirements', `${name}.txt`);
  const stamp = join(buildFolder, `${name}.stamp`);
  const wanted = createHash('sha256').update(readFileSync(requirements)).digest('hex');
  const model = join(buildFolder, `${name}-model`);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return { python, model };
  console.log(`Installing ${name} into build/bench …`);
  if (!existsSync(python)) run('python3', ['-m', 'venv', environment]);
  // mlx_whisper requires PyTorch but only needs it for conversions. Without dependencies, it can be left out.
  run(python, ['-m', 'pip', 'install', '--quiet', '--no-deps', '--require-hashes', '--requirement', requirements]);
  rmSync(model, { recursive: true, force: true });
  writeModel[name](model);
  writeFileSync(stamp, wanted);
  return { python, model };
}

/** All peers use the weights of the embedded 4-bit file. */
const writeModel: Readonly<Record<PeerName, (target: string) => void>> = {
  'faster-whisper': (target) =>
    runProgram('write_ctranslate2_model.py', [embeddedModel, vocabulary, languageCodes.join(','), target]),
  'openai-whisper': (target) => runProgram('write_openai_checkpoint.py', [embeddedModel, target]),
  'transcribe-cpp': (target) =>
    runProgram('write_gguf_model.py', [embeddedModel, vocabulary, languageCodes.join(','), target]),
  'mlx-whisper'(target) {
    mkdirSync(target);
    symlinkSync(join(embeddedModel, 'config.json'), join(target, 'config.json'));
    symlinkSync(join(embeddedModel, 'model.safetensors'), join(target, 'weights.safetensors'));
  },
};

function runProgram(name: string, args: readonly string[]): void {
  run(python, [join(benchFolder, 'python', name), ...args]);
}

function run(command: string, args: readonly string[]): void {
  execFileSync(command, args, { stdio: ['ignore', 'inherit', 'inherit'] });
}
