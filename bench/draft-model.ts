import { tmpdir } from 'node:os';
import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import type { NativeModel, SessionUsage } from '@hearth/native';
import { type ForcedLoadModelRequest, loadModelForced } from '@hearth/native/testing';
import { openRecording } from '../daemon/src/engine/audio/open-recording.ts';
import { resolveOptions } from '../daemon/src/protocol/options/resolve-options.ts';
import { transcribe } from '../daemon/src/whisper/transcribe.ts';
import { multilingual, native, sessionOf } from '../test/engine/support/embedded-model.ts';

const help = `node --disable-warning=ExperimentalWarning bench/draft-model.ts --model <folder> --draft <folder> <recordings>

How many guesses of a draft model are right, how many runs of the large model they save, and what that is in time. Each
recording is transcribed at temperature 0, with and without the draft model, in turns. Both have to say the same.

  --model <folder>       the large model, multilingual, with 51865 tokens
  --draft <folder>       the one that guesses
  --rounds <count>       of which the median counts (default: 3)
  --operations <which>   cpu or mlx (default: as the product chooses)
`;

interface Run {
  readonly tokens: readonly number[];
  readonly usage: SessionUsage;
  readonly draftSteps: number;
}

const { values, positionals } = parseArgs({
  options: {
    help: { type: 'boolean', default: false },
    model: { type: 'string' },
    draft: { type: 'string' },
    rounds: { type: 'string', default: '3' },
    operations: { type: 'string', default: 'auto' },
  },
  allowPositionals: true,
});
if (values.help || values.model === undefined || values.draft === undefined || positionals.length === 0) {
  process.stdout.write(help);
  process.exit(values.help ? 0 : 2);
}

const load = (draftFolder: string | null) =>
  loadModelForced({
    folder: values.model as string,
    draftFolder,
    operations: values.operations as NonNullable<ForcedLoadModelRequest['operations']>,
  });
const alone = await load(null);
const drafted = await load(values.draft);
if (drafted.draft === null) throw new Error('Expected a draft model whose decoder is smaller, got one that is not.');

let differ = 0;
process.stdout.write('recording | tokens | runs alone | runs | draft runs | guesses | right | decoding | all\n');
for (const file of positionals) {
  const runs: Record<'alone' | 'drafted', Run[]> = { alone: [], drafted: [] };
  for (let round = 0; round < Number(values.rounds); round++) {
    runs.alone.push(await run(alone, file));
    runs.drafted.push(await run(drafted, file));
  }
  const [before] = runs.alone as [Run];
  const [after] = runs.drafted as [Run];
  const isSame = JSON.stringify(before.tokens) === JSON.stringify(after.tokens);
  if (!isSame) differ += 1;
  const { acceptedDraftTokens, draftTokens } = after.usage;
  const ratio = (seconds: (usage: SessionUsage) => number) =>
    (
      median(runs.drafted.map(({ usage }) => seconds(usage))) / median(runs.alone.map(({ usage }) => seconds(usage)))
    ).toFixed(2);
  process.stdout.write(
    `${[
      `${basename(file)}${isSame ? '' : ' DIFFERS'}`,
      before.usage.tokens,
      before.usage.decoderSteps,
      after.usage.decoderSteps,
      after.draftSteps,
      draftTokens,
      `${((100 * acceptedDraftTokens) / Math.max(1, draftTokens)).toFixed(1)} %`,
      ratio(({ decodeSeconds }) => decodeSeconds),
      ratio(({ decodeSeconds, encodeSeconds }) => decodeSeconds + encodeSeconds),
    ].join(' | ')}\n`,
  );
}
alone.close();
drafted.close();
process.exitCode = differ > 0 ? 1 : 0;

async function run(model: NativeModel, file: string): Promise<Run> {
  const {
    sounds: [{ audio }],
  } = await openRecording({ native, path: file, temporaryFolder: tmpdir(), minFreeDiskBytes: 0 });
  const session = sessionOf(model);
  const before = model.counters.draftSteps;
  try {
    const steps = transcribe({
      model: session,
      vocabulary: multilingual,
      audio,
      options: resolveOptions({ temperature: [0], vad: false }),
      windowsAtATime: 1,
    });
    for (;;) {
      const step = await steps.next();
      if (!step.done) continue;
      const { segments } = step.value;
      return {
        tokens: segments.flatMap(({ tokens }) => tokens),
        usage: session.usage,
        draftSteps: model.counters.draftSteps - before,
      };
    }
  } finally {
    session.close();
    audio.close();
  }
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] as number;
}
