import fs from 'node:fs';
import OpenAI from 'openai';

// npm `openai` with this Node's own fetch. What it got is printed as JSON.
const { address, token, recording, german, hotword, models } = JSON.parse(process.argv[2]);
const client = new OpenAI({ baseURL: `${address}/v1`, apiKey: token, maxRetries: 0 });
const file = () => fs.createReadStream(recording);
const transcribe = (fields) => client.audio.transcriptions.create({ file: file(), model: 'whisper-1', ...fields });
const failure = (asked) =>
  asked.then(
    () => null,
    ({ status, code, type, param, message, requestID }) => ({ status, code, type, param, message, requestID }),
  );

const events = [];
for await (const event of await transcribe({ model: 'gpt-transcribe', stream: true })) events.push(event);
const listed = [];
for await (const model of client.models.list()) listed.push(model);
const textOfModels = {};
for (const model of models) textOfModels[model] = (await transcribe({ model })).text;

console.log(
  JSON.stringify({
    json: await transcribe({ language: 'en', prompt: 'A question.', temperature: 0 }),
    text: await transcribe({ response_format: 'text' }),
    srt: await transcribe({ response_format: 'srt' }),
    vtt: await transcribe({ response_format: 'vtt' }),
    verbose: await transcribe({
      response_format: 'verbose_json',
      timestamp_granularities: ['word', 'segment'],
      chunking_strategy: 'auto',
    }),
    events,
    hotword: (await transcribe({ file: fs.createReadStream(hotword), model: 'gpt-transcribe', keywords: ['ComfyUI'] }))
      .text,
    candidates: (await transcribe({ response_format: 'verbose_json', languages: ['de', 'fr'] })).language,
    translation: await client.audio.translations.create({
      file: fs.createReadStream(german),
      model: 'whisper-1',
      response_format: 'verbose_json',
    }),
    listed,
    retrieved: await client.models.retrieve(listed[0].id),
    textOfModels,
    failures: {
      model: await failure(transcribe({ model: 'none' })),
      modelOfList: await failure(client.models.retrieve('none')),
      include: await failure(transcribe({ include: ['logprobs'] })),
      diarized: await failure(transcribe({ response_format: 'diarized_json' })),
      speakers: await failure(transcribe({ known_speaker_names: ['Ann'], known_speaker_references: ['data:,'] })),
      strategy: await failure(transcribe({ chunking_strategy: { type: 'server_vad', threshold: 0.5 } })),
      token: await failure(new OpenAI({ baseURL: `${address}/v1`, apiKey: 'wrong', maxRetries: 0 }).models.list()),
      route: await failure(client.audio.speech.create({ model: 'tts-1', voice: 'alloy', input: 'x' })),
    },
  }),
);
