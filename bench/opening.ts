import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import type { NativeComingAudio, OpenAudioRequest } from '@hearth/native';
import { resolveOptions } from '../daemon/src/protocol/options/resolve-options.ts';
import { findClips } from '../daemon/src/whisper/find-clips.ts';
import { samplesForWindow } from '../daemon/src/whisper/segments/window.ts';
import { transcribe } from '../daemon/src/whisper/transcribe.ts';
import { pathOf } from '../test/engine/fork-engine.ts';
import { loadEmbeddedModel, multilingual, native, sessionOf } from '../test/engine/support/embedded-model.ts';
import { spreadOf } from './spread.ts';

const help = `node --disable-warning=ExperimentalWarning bench/opening.ts [--rounds <count>] [--first-text] <recordings>

How long it takes from opening a recording until its first window can be encoded: when all of it is decoded and heard, and
while it comes. In turns; medians in milliseconds, and their ratio.

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

type Open = (request: OpenAudioRequest) => Promise<NativeComingAudio>;

const model = await loadEmbeddedModel();
const voiceActivity = await native.loadVoiceActivity({ path: pathOf('assets/vad/silero_vad_16k.safetensors') });
const options = resolveOptions({ language: 'en', temperature: [0] });
const reach = values['first-text'] ? reachFirstText : reachFirstWindow;

process.stdout.write('recording | whole | coming | ratio\n');
for (const path of positionals) {
  const milliseconds = { whole: [] as number[], coming: [] as number[] };
  for (let round = 0; round < Number(values.rounds); round++) {
    milliseconds.whole.push(await time(path, native.openAudio));
    milliseconds.coming.push(await time(path, native.beginAudio));
  }
  const [whole, coming] = [spreadOf(milliseconds.whole).median, spreadOf(milliseconds.coming).median];
  process.stdout.write(
    `${basename(path)} | ${whole.toFixed(0)} | ${coming.toFixed(0)} | ${(coming / whole).toFixed(2)}\n`,
  );
}
process.exit(0);

async function time(path: string, open: Open): Promise<number> {
  const startedAt = performance.now();
  const audio = await open({ path, listeners: { voiceActivity, model: null } });
  await reach(audio);
  const milliseconds = performance.now() - startedAt;
  const ended = audio.whole().catch(() => undefined);
  audio.close();
  await ended;
  return milliseconds;
}

async function reachFirstWindow(audio: NativeComingAudio): Promise<void> {
  const session = sessionOf(model, voiceActivity);
  const { clips } = await findClips({ model: session, audio, options });
  const { value: clip } = await clips.next();
  if (clip) await audio.reach(samplesForWindow(clip.startFrames));
  session.close();
}

async function reachFirstText(audio: NativeComingAudio): Promise<void> {
  const session = sessionOf(model, voiceActivity);
  const steps = transcribe({ model: session, vocabulary: multilingual, audio, options });
  let next = await steps.next();
  while (next.done !== true && next.value.type !== 'segments-decoded') next = await steps.next();
  await steps.return(undefined as never);
  session.close();
}
