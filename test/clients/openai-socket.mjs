import fs from 'node:fs';
import OpenAI from 'openai';
import { Agent, fetch } from 'undici';

// npm `openai` over the socket, as docs/openai.md shows it.
const { socketPath, recording } = JSON.parse(process.argv[2]);
const dispatcher = new Agent({ connect: { socketPath } });
const client = new OpenAI({
  baseURL: 'http://localhost/v1',
  apiKey: 'none',
  maxRetries: 0,
  fetch: (url, init) => fetch(url, { ...init, dispatcher }),
});
const { text } = await client.audio.transcriptions.create({ file: fs.createReadStream(recording), model: 'whisper-1' });
const { data } = await client.models.list();
console.log(JSON.stringify({ text, models: data.map(({ id }) => id) }));
await dispatcher.close();
