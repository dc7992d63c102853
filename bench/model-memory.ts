import { createReadStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readResidency } from '../daemon/src/client/health.ts';
import { listAvailableModels } from '../daemon/src/client/models.ts';
import { weightForms } from '../daemon/src/models/available-models.ts';
import { findInCatalogue, readCatalogue } from '../daemon/src/models/catalogue.ts';
import type { AvailableModel } from '../daemon/src/protocol/models.ts';
import { startDaemon } from '../test/e2e/support/start-daemon.ts';
import { pathOf } from '../test/engine/fork-engine.ts';
import { writeRandomModel } from '../test/engine/support/random-model.ts';

const help = `node --disable-warning=ExperimentalWarning bench/model-memory.ts [<name> …]

Compares the memory that the catalogue says with what GET /v1/ps shows: for each model of the catalogue that is named, or
for all, one with its sizes and random weights is written, loaded by a daemon of its own, and transcribes jfk.flac.
`;

const { values, positionals } = parseArgs({
  options: { help: { type: 'boolean', default: false } },
  allowPositionals: true,
});

if (values.help) process.stdout.write(help);
else await run(positionals.length > 0 ? positionals : readCatalogue().entries.map(({ name }) => name));

async function run(names: readonly string[]): Promise<void> {
  process.stdout.write('| model | idle: catalogue | shown | at most: catalogue | shown |\n|---|---|---|---|---|\n');
  for (const name of names) {
    const line = await measure(name);
    process.stdout.write(`| ${[name, ...line].join(' | ')} |\n`);
  }
}

async function measure(name: string): Promise<readonly string[]> {
  const entry = findInCatalogue(name);
  if (entry === undefined) throw new Error(`Expected a name in the catalogue, got ${name}.`);
  const folder = await mkdtemp(join(tmpdir(), 'hearth-random-model-'));
  try {
    await writeRandomModel(folder, { dimensions: entry.facts.dimensions, form: weightForms[entry.weights] });
    const daemon = await startDaemon({ environment: { HEARTH_MODEL: folder } });
    try {
      const { available } = await listAvailableModels(daemon);
      const said = available.find((model) => model.name === name) as AvailableModel;
      const residency = () => readResidency(daemon);
      let loaded = await residency();
      while (loaded.models.length === 0) {
        await new Promise((resolve) => setTimeout(resolve, 200));
        loaded = await residency();
      }
      // What random weights say has no end, and no temperature makes it better.
      const path = '/v1/transcriptions?temperature=0&vad=false';
      const answer = await daemon.ask({ path, body: createReadStream(pathOf('assets/samples/jfk.flac')) });
      if (answer.status !== 200) throw new Error(answer.text);
      const worked = await residency();
      const peakBytes = worked.engine.memory?.peakResidentBytes ?? 0;
      return [
        ...compared(said.idleMemoryBytes, loaded.engine.memory?.residentBytes ?? 0),
        ...compared(said.memoryBytes, peakBytes),
      ];
    } finally {
      await daemon.stop();
    }
  } finally {
    await rm(folder, { recursive: true });
  }
}

function compared(said: number, shown: number): readonly string[] {
  return [megabytes(said), `${megabytes(shown)} (${percent(said / shown)})`];
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1e6)} MB`;
}

function percent(ratio: number): string {
  return `${ratio < 1 ? '' : '+'}${Math.round(100 * (ratio - 1))} %`;
}
