import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import type { NativeAudio, RecordingListeners } from '@hearth/native';
import { readLogMel } from '@hearth/native/testing';
import { resolveOptions } from '../daemon/src/protocol/options/resolve-options.ts';
import { transcribe } from '../daemon/src/whisper/transcribe.ts';
import { pathOf } from '../test/engine/fork-engine.ts';
import { loadEmbeddedModel, multilingual, native, sessionOf } from '../test/engine/support/embedded-model.ts';
import { spreadOf } from './spread.ts';

const help = `node --disable-warning=ExperimentalWarning bench/opening.ts [--rounds <count>] [--first-text] <recordings>

How long it takes from opening a recording until voice activity has heard it and the maximum of its log-mel is known: after
audio decoding, and beside it. In turns; medians in milliseconds, and their ratio.

  --first-text   until the first text of the embedded model
`;

const { values, positionals } = parseArgs({
  options: {
    help: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '5' },
    'first-text': { type: 'boolean', default: false },
  },
  allowPositionals: true,
});
if (values.help || positionals.length === 0) {
  process.stdout.write(help);
  process.exit(values.help ? 0 : 2);
}

const model = await loadEmbeddedModel();
const voiceActivity = await native.loadVoiceActivity({ path: pathOf('assets/vad/silero_vad_16k.safetensors') });
const listeners: RecordingListeners = { voiceActivity, model };
const reach = values['first-text'] ? reachFirstText : reachWhatIsNeeded;

process.stdout.write('recording | after | beside | ratio\n');
for (const path of positionals) {
  const milliseconds = { after: [] as number[], beside: [] as number[] };
  for (let round = 0; round < Number(values.rounds); round++) {
    milliseconds.after.push(await time(path, undefined));
    milliseconds.beside.push(await time(path, listeners));
  }
  const [after, beside] = [spreadOf(milliseconds.after).median, spreadOf(milliseconds.beside).median];
  process.stdout.write(
    `${basename(path)} | ${after.toFixed(0)} | ${beside.toFixed(0)} | ${(beside / after).toFixed(2)}\n`,
  );
}
process.exit(0);

async function time(path: string, listeners: RecordingListeners | undefined): Promise<number> {
  const startedAt = performance.now();
  const audio = await native.openAudio({ path, listeners });
  await reach(audio);
  const milliseconds = performance.now() - startedAt;
  audio.close();
  return milliseconds;
}

async function reachWhatIsNeeded(audio: NativeAudio): Promise<void> {
  const session = sessionOf(model, voiceActivity);
  await session.speechFrom(audio, 0);
  await readLogMel({ model, audio, startFrame: 0, frameCount: 1 });
  session.close();
}

async function reachFirstText(audio: NativeAudio): Promise<void> {
  const session = sessionOf(model, voiceActivity);
  const options = resolveOptions({ language: 'en', temperature: [0] });
  const steps = transcribe({ model: session, vocabulary: multilingual, audio, options });
  let next = await steps.next();
  while (next.done !== true && next.value.type !== 'segments-decoded') next = await steps.next();
  await steps.return(undefined as never);
  session.close();
}
