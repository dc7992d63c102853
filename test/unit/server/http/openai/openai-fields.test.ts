import { expect, test } from '@jest/globals';
import {
  addField,
  type FieldValues,
  type OpenAiForm,
  readFields,
} from '../../../../../daemon/src/server/http/openai/openai-fields.ts';

type Field = readonly [name: string, value: string];

function read(fields: readonly Field[], task: 'transcribe' | 'translate' = 'transcribe'): OpenAiForm {
  const values: FieldValues = new Map();
  for (const [name, value] of fields) addField(values, name, value);
  return readFields(values, task);
}

test.each([
  ...['whisper-1', 'gpt-transcribe', 'gpt-4o-transcribe', 'gpt-4o-mini-transcribe', 'gpt-live-transcribe'],
  ...['gpt-4o-mini-transcribe-2025-12-15', 'gpt-4o-transcribe-diarize', 'gpt-6.1-transcribe', 'default', ''],
])('the model %j is the one of the settings', (model) => {
  expect(read([['model', model]]).options).toEqual({ task: 'transcribe' });
});

test.each(['whisper-base-4bit', 'whisper-large-v3', 'gpt-4o', 'mlx-community/whisper-large-v3-turbo'])(
  'the model %j is one of Hearth',
  (model) => {
    expect(read([['model', model]]).options).toEqual({ task: 'transcribe', model });
  },
);

test.each<[string, readonly Field[], object]>([
  [
    'brackets',
    [
      ['keywords[]', 'ComfyUI'],
      ['keywords[]', 'Kubernetes, or k8s'],
    ],
    { hotwords: 'ComfyUI, Kubernetes, or k8s' },
  ],
  [
    'numbers',
    [
      ['keywords[0]', 'ComfyUI'],
      ['keywords[1]', 'k8s'],
    ],
    { hotwords: 'ComfyUI, k8s' },
  ],
  ['a JSON list', [['keywords', '["ComfyUI", "k8s"]']], { hotwords: 'ComfyUI, k8s' }],
  ['one value', [['languages', 'en-US']], { languages: ['en'] }],
  ['commas', [['languages', 'en, Deutsch']], { languages: ['en', 'de'] }],
  [
    'nothing',
    [
      ['languages', ''],
      ['keywords[]', ' '],
      ['include', '[]'],
    ],
    {},
  ],
  ['a bracketed prompt', [['prompt', '[music]']], { initialPrompt: '[music]' }],
  [
    'a word of another language for nothing',
    [
      ['temperature', 'None'],
      ['stream', 'null'],
    ],
    {},
  ],
  ['zero', [['temperature', '0.0']], {}],
  ['a point without a zero', [['temperature', '.5']], { temperature: [0.5] }],
  ['a strategy that is the own one', [['chunking_strategy', 'auto']], {}],
])('%s in fields is understood', (_, fields, options) => {
  expect(read(fields).options).toEqual({ task: 'transcribe', ...options });
});

const verbose: Field = ['response_format', 'verbose_json'];

test.each<[string, readonly Field[]]>([
  ['[]', [['timestamp_granularities[]', 'word']]],
  ['[0]', [['timestamp_granularities[0]', 'word']]],
  ['no brackets', [['timestamp_granularities', 'word']]],
  ['a JSON list', [['timestamp_granularities', '["word"]']]],
  ['capitals', [['timestamp_granularities[]', 'Word ']]],
])('word times are asked for with %s', (_, fields) => {
  const { wantsWords, wantsSegments, options } = read([verbose, ...fields]);
  expect({ wantsWords, wantsSegments, options }).toEqual({
    wantsWords: true,
    wantsSegments: false,
    options: { task: 'transcribe', wordTimestamps: true },
  });
});

test('words and segments are asked for together', () => {
  const both: readonly Field[][] = [
    [['timestamp_granularities', 'word,segment']],
    [
      ['timestamp_granularities[]', 'word'],
      ['timestamp_granularities[]', 'segment'],
    ],
  ];
  for (const fields of both) {
    expect(read([verbose, ...fields])).toMatchObject({ wantsWords: true, wantsSegments: true });
  }
});

test.each(['true', 'True', 'TRUE', '1', 'yes', 'on'])('stream=%s streams', (value) => {
  expect(read([['stream', value]]).stream).toBe(true);
});

test.each(['false', 'False', '0', 'no', 'off', '', 'None', 'null'])('stream=%s does not', (value) => {
  expect(read([['stream', value]]).stream).toBe(false);
});

test.each<[string, readonly Field[], string]>([
  ['a decimal comma', [['temperature', '0,2']], 'temperature'],
  ['a number that is too large', [['temperature', '1.5']], 'temperature'],
  ['a number with a word', [['temperature', '0x1']], 'temperature'],
  ['a list for a number', [['temperature', '[0.2]']], 'temperature'],
  ['a truth value that is none', [['stream', 'maybe']], 'stream'],
  [
    'events of subtitles',
    [
      ['stream', 'true'],
      ['response_format', 'srt'],
    ],
    'stream',
  ],
  ['a granularity that is none', [verbose, ['timestamp_granularities', 'words']], 'timestamp_granularities'],
  ['a list of another language', [verbose, ['timestamp_granularities', "['word']"]], 'timestamp_granularities'],
  ['a list that does not end', [['keywords', '["ComfyUI"']], 'keywords'],
  ['a list of numbers', [['keywords', '[1, 2]']], 'keywords'],
  ['word times without a place for them', [['timestamp_granularities[]', 'word']], 'timestamp_granularities'],
  ['log probabilities', [['include[]', 'logprobs']], 'include'],
  ['speakers', [['response_format', 'diarized_json']], 'response_format'],
  ['names of speakers', [['known_speaker_names[]', 'Ann']], 'known_speaker_names'],
  ['voices of speakers', [['known_speaker_references[]', 'data:audio/wav;base64,']], 'known_speaker_references'],
  ['a strategy as JSON', [['chunking_strategy', '{"type":"server_vad"}']], 'chunking_strategy'],
  ['a strategy in parts', [['chunking_strategy[type]', 'server_vad']], 'chunking_strategy'],
  ['a format that is none', [['response_format', 'pdf']], 'response_format'],
  [
    'two languages',
    [
      ['language', 'en'],
      ['language', 'de'],
    ],
    'language',
  ],
  [
    'a language and candidates',
    [
      ['language', 'en'],
      ['languages[]', 'de'],
    ],
    'languages',
  ],
  ['a field that nobody knows', [['beam_size', '5']], 'beam_size'],
  ['a field in another spelling', [['responseFormat', 'srt']], 'responseFormat'],
])('%s is refused, and the field is named', (_, fields, param) => {
  let thrown: unknown;
  try {
    read(fields);
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toMatchObject({ code: 'OPTION_INVALID', param, message: expect.stringContaining('Expected') });
});

test('a field that is nearly one of OpenAI’s is told by its name', () => {
  expect(() => read([['respones_format', 'srt']])).toThrow(
    expect.objectContaining({ hint: 'Did you mean response_format?' }),
  );
});

test.each([
  ['initialPrompt', 'Did you mean prompt?'],
  ['word_timestamps', 'Did you mean timestamp_granularities?'],
  ['lang', 'Did you mean language?'],
  ['channels', "OpenAI has no such field. Hearth's own API has the option audioChannels: POST /v1/transcriptions."],
  ['track', "OpenAI has no such field. Hearth's own API has the option audioTrack: POST /v1/transcriptions."],
  ['speakers', "OpenAI has no such field. Hearth's own API has the option speakerNames: POST /v1/transcriptions."],
  ['colour', 'The fields are file, '],
])("Hearth's own name %s is told by what OpenAI calls it, or by where it belongs", (name, hint) => {
  expect(() => read([[name, 'x']])).toThrow(expect.objectContaining({ hint: expect.stringContaining(hint) }));
});

test('a language that does not exist is refused before the engine hears of it', () => {
  expect(() => read([['languages[]', 'klingon']])).toThrow(expect.objectContaining({ code: 'OPTION_INVALID' }));
});
