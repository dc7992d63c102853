import { readFile } from 'node:fs/promises';
import { createOpenAI } from '@ai-sdk/openai';
import { transcribe } from 'ai';

// Vercel's AI SDK with this Node's own fetch.
const { address, token, recording } = JSON.parse(process.argv[2]);
const openai = createOpenAI({ baseURL: `${address}/v1`, apiKey: token });
const audio = await readFile(recording);
const ask = (model, options = {}) =>
  transcribe({ model: openai.transcription(model), audio, maxRetries: 0, providerOptions: { openai: options } });

const whisper = await ask('whisper-1', { timestampGranularities: ['word'] });
const newest = await ask('gpt-transcribe', { keywords: ['Brooklyn'], languages: ['en', 'de'] });
const diarized = await ask('gpt-4o-transcribe-diarize').catch(({ statusCode, message }) => ({ statusCode, message }));
console.log(
  JSON.stringify({
    whisper: { text: whisper.text, language: whisper.language, segments: whisper.segments },
    newest: newest.text,
    diarized,
  }),
);
