import { readFileSync } from 'node:fs';
import net from 'node:net';
import OpenAI from 'openai';
import { OpenAIRealtimeWS } from 'openai/realtime/ws';

// npm `openai` with its Realtime client. What it got is printed as JSON.
const { address, socketPath, token, sound, silence } = JSON.parse(process.argv[2]);
const { hostname, port } = new URL(address);
// The package always asks for TLS, which Hearth leaves to a proxy: it gets a connection without.
const overTcp = () => net.connect(Number(port), hostname);
const overSocket = () => net.connect(socketPath);
const client = new OpenAI({ baseURL: `${address}/v1`, apiKey: token });

async function talk({ createConnection, turnDetection, speak }) {
  const connection = new OpenAIRealtimeWS({ intent: 'transcription', options: { createConnection } }, client);
  const events = [];
  const waiting = [];
  connection.on('event', (event) => {
    events.push(event);
    for (const each of waiting.splice(0)) each();
  });
  connection.on('error', () => undefined);
  const until = async (isSo) => {
    while (!isSo(events)) await new Promise((resolve) => waiting.push(resolve));
  };
  const ofType = (type) => events.filter((event) => event.type === type);
  const input = {
    format: { type: 'audio/pcm', rate: 24000 },
    transcription: { model: 'gpt-4o-transcribe', language: 'en', prompt: '' },
    turn_detection: turnDetection,
  };
  await until(() => ofType('session.created').length === 1);
  connection.send({ type: 'session.update', session: { type: 'transcription', audio: { input } } });
  await until(() => ofType('session.updated').length === 1);
  const append = (bytes) => {
    for (let start = 0; start < bytes.length; start += 9600) {
      const audio = bytes.subarray(start, start + 9600).toString('base64');
      connection.send({ type: 'input_audio_buffer.append', audio });
    }
  };
  await speak({ connection, append, until, ofType });
  connection.close();
  return events;
}

const pcm = readFileSync(sound);
const quiet = Buffer.alloc(silence);
const completed = 'conversation.item.input_audio_transcription.completed';

const byVoice = await talk({
  createConnection: overTcp,
  turnDetection: { type: 'server_vad', silence_duration_ms: 800 },
  async speak({ append, until, ofType }) {
    append(pcm);
    append(quiet);
    await until(() => ofType(completed).length === 1);
  },
});

const byVoiceWithClear = await talk({
  createConnection: overTcp,
  turnDetection: { type: 'server_vad', silence_duration_ms: 500 },
  async speak({ connection, append, until, ofType }) {
    append(pcm);
    append(quiet);
    await until(() => ofType('input_audio_buffer.committed').length === 1);
    connection.send({ type: 'input_audio_buffer.clear' });
    await until(() => ofType(completed).length === 1);
    append(pcm);
    append(quiet);
    await until(() => ofType(completed).length === 2);
  },
});

const byCommit = await talk({
  createConnection: overSocket,
  turnDetection: null,
  async speak({ connection, append, until, ofType }) {
    append(pcm);
    connection.send({ type: 'input_audio_buffer.clear' });
    connection.send({ type: 'input_audio_buffer.commit', event_id: 'mine' });
    await until(() => ofType('error').length === 1);
    append(pcm);
    connection.send({ type: 'input_audio_buffer.commit' });
    await until(() => ofType(completed).length === 1);
    connection.send({ type: 'response.create', event_id: 'wrong' });
    await until(() => ofType('error').length === 2);
  },
});

console.log(JSON.stringify({ byVoice, byVoiceWithClear, byCommit }));
