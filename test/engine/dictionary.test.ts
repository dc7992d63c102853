import type { NativeVoiceActivity } from '@hearth/native';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createDictionary } from '../../daemon/src/dictionary/create-dictionary.ts';
import type { TranscriptionOptions } from '../../daemon/src/protocol/options/transcription-options.ts';
import type { DictionaryEntry } from '../../daemon/src/protocol/words.ts';
import { pathOf } from './fork-engine.ts';
import { askOtherwise } from './support/ask-otherwise.ts';
import { loadRememberingModel, multilingual, native } from './support/embedded-model.ts';
import type { RememberingModel } from './support/remember-encodings.ts';
import { transcribeRecording } from './support/transcribe-recording.ts';

/** "Mrs. Allen," said Catherine the next morning, "will there be any harm in my calling on Miss Tilney today?" */
const allen = 'librispeech_198-209-0000.ogg';
const names = ['Wentworth', 'Kubernetes', 'Catherine', 'Tilney', 'Maintz', 'Pannartz'].map((word) => ({ word }));

let model: RememberingModel;
let voiceActivity: NativeVoiceActivity;

beforeAll(async () => {
  model = await loadRememberingModel();
  voiceActivity = await native.loadVoiceActivity({ path: pathOf('assets/vad/silero_vad_16k.safetensors') });
});

afterAll(() => {
  voiceActivity.close();
  model.close();
});

/** Also how often the decoder was asked. */
async function transcribeWith(file: string, entries: readonly DictionaryEntry[], options: TranscriptionOptions = {}) {
  let decodes = 0;
  const transcript = await transcribeRecording({
    ...{ model, vocabulary: multilingual, file, voiceActivity, options: { language: 'en', ...options } },
    dictionary: createDictionary(entries),
    wrap: (session) =>
      askOtherwise(session, {
        decode(request) {
          decodes += 1;
          return session.decode(request);
        },
      }),
  });
  return { ...transcript, decodes };
}

test('a name that is mis-heard is right with the dictionary, at its time, and all else is as it was', async () => {
  const options = { wordTimestamps: true };
  const without = await transcribeWith(allen, [], options);
  expect(without.text).toMatch(/^ Mrs\. Allen said Chather in the next morning,/);
  const found = await transcribeWith(allen, names, options);
  expect(found.text).toBe(without.text.replace('Chather in', 'Catherine'));
  const words = found.segments.flatMap((segment) => segment.words ?? []);
  expect(words.map(({ word }) => word).join('')).toBe(found.text);
  const before = without.segments.flatMap((segment) => segment.words ?? []);
  const [was, is] = [before, words].map((each) => each.find(({ word }) => /^ C/.test(word)));
  expect(is?.word.trim()).toBe('Catherine');
  expect(Math.abs((is?.startSeconds ?? 0) - (was?.startSeconds ?? 9))).toBeLessThan(0.1);
  const endOf = ({ segments }: typeof found) => segments.at(-1)?.endSeconds ?? 0;
  expect(Math.abs(endOf(found) - endOf(without))).toBeLessThan(0.1);
});

test('a product that nobody knew is recognised', async () => {
  const { text } = await transcribeWith('fasterwhisper_hotwords.mp3', [{ word: 'ComfyUI' }]);
  expect(text).toMatch(/ComfyUI folder.*ComfyUI/);
});

test.each<[string, TranscriptionOptions, readonly DictionaryEntry[]]>([
  ['nobody wants it', { dictionary: false }, names],
  ['every token is to be the reference', { sequential: true, vad: false }, names],
  ['its words are for another language', {}, names.map(({ word }) => ({ word, language: 'fr' }))],
  ['nothing is near its words', {}, ['Kubernetes', 'Sweynheim', 'Subiaco'].map((word) => ({ word }))],
])('the dictionary changes nothing and costs nothing where %s', async (_, options, entries) => {
  const without = await transcribeWith(allen, [], options);
  const { text, decodes } = await transcribeWith(allen, entries, options);
  expect([text, decodes]).toEqual([without.text, without.decodes]);
});

test.each(['silence_30s.flac', 'sb_noise2.wav', 'am_digital_silence.wav'])(
  'nothing of the dictionary is written for %s, also without voice activity',
  async (file) => {
    for (const vad of [true, false]) {
      const { text } = await transcribeWith(file, names, { vad });
      expect(names.filter(({ word }) => text.includes(word))).toEqual([]);
      expect(text).toBe((await transcribeWith(file, [], { vad })).text);
    }
  },
);
