import type { NativeVoiceActivity } from '@hearth/native';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { TranscriptionOptions } from '../../daemon/src/protocol/options/transcription-options.ts';
import type { WhisperModel } from '../../daemon/src/whisper/whisper-model.ts';
import { pathOf } from './fork-engine.ts';
import { askOtherwise } from './support/ask-otherwise.ts';
import { loadRememberingModel, multilingual, native } from './support/embedded-model.ts';
import type { RememberingModel } from './support/remember-encodings.ts';
import { transcribeRecording } from './support/transcribe-recording.ts';

let model: RememberingModel;
let voiceActivity: NativeVoiceActivity;

beforeAll(async () => {
  model = await loadRememberingModel();
  voiceActivity = await native.loadVoiceActivity({ path: pathOf('assets/vad/silero_vad_16k.safetensors') });
});

afterAll(async () => {
  voiceActivity.close();
  model.close();
});

function transcribeWith(
  file: string,
  options: TranscriptionOptions,
  more: { batchSize?: number; wrap?: (model: WhisperModel) => WhisperModel } = {},
) {
  return transcribeRecording({ model, vocabulary: multilingual, file, options, voiceActivity, ...more });
}

test('hotwords are recognised', async () => {
  const file = 'fasterwhisper_hotwords.mp3';
  expect((await transcribeWith(file, {})).text).not.toContain('ComfyUI');
  expect((await transcribeWith(file, { hotwords: 'ComfyUI' })).text).toMatch(/ComfyUI folder.*ComfyUI/);
});

test('a recording in two languages is written in both where each window has its own', async () => {
  const file = 'fasterwhisper_multilingual.mp3';
  const { segments, languageProbabilities } = await transcribeWith(file, { languagePerWindow: true }, { batchSize: 4 });
  const textIn = (wanted: string) =>
    segments.flatMap(({ language, text }) => (language === wanted ? [text] : [])).join('');
  expect(textIn('en')).toMatch(/^ Permission is hereby granted, free of charge/);
  expect(textIn('de')).toMatch(/zu modifizieren.*und diese Rechte/i);
  expect(languageProbabilities?.[0].language).toBe('en');
});

describe('every window is encoded once, whatever the options', () => {
  const file = 'whisperkit_VADAudio.flac';

  test.each<[string, TranscriptionOptions, number]>([
    ['none', {}, 1],
    ['detected language and word times', { vad: false, wordTimestamps: true }, 1],
    ['a language per window', { vad: false, languagePerWindow: true }, 1],
    ['beams', { vad: false, beamSize: 5, patience: 2, temperature: [0] }, 1],
    ['samples', { vad: false, temperature: [0.4], bestOf: 3 }, 1],
    ['every temperature', { vad: false, logprobThreshold: 0, temperature: [0, 0.2, 0.4, 1] }, 1],
    ['skipped silence', { vad: false, wordTimestamps: true, hallucinationSilenceThreshold: 1 }, 1],
    ['translation of clips', { task: 'translate', language: 'en', clipTimestamps: [0, 5, 8, 14] }, 1],
    ['a batch', { wordTimestamps: true }, 4],
  ])('%s', async (_, options, batchSize) => {
    const heard: string[] = [];
    const watch = (each: WhisperModel): WhisperModel =>
      askOtherwise(each, {
        encode(request) {
          heard.push(`${request.startFrame} to ${request.startFrame + request.frameCount}`);
          return each.encode(request);
        },
      });
    const before = model.windowsAsked;
    await transcribeWith(file, options, { batchSize, wrap: watch });
    expect(heard.length).toBeGreaterThan(0);
    expect(new Set(heard).size).toBe(heard.length);
    expect(model.windowsAsked - before).toBe(heard.length);
  });
});
