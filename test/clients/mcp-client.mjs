import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { Client as FirstClient } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport as FirstStdio } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport as FirstHttp } from '@modelcontextprotocol/sdk/client/streamableHttp.js';

// The clients of the official SDK, version 1 and 2, over a command's standard input or HTTP.
const { sdk, url, token, command, recording, long, outside } = JSON.parse(process.argv[2]);
const info = { name: 'hearth-test', version: '1' };
const isFirst = sdk === 'first';
const options = sdk === 'newest' ? { versionNegotiation: { mode: 'auto' } } : {};
const client = isFirst ? new FirstClient(info) : new Client(info, options);
const wire = transport();
await client.connect(wire);

// Read from the wire: the SDK's first version forgets who listens when a result comes in the same piece.
const progress = [];
const { onmessage } = wire;
wire.onmessage = (message, extra) => {
  if (message.method === 'notifications/progress') progress.push(message.params);
  onmessage(message, extra);
};
const transcribed = await call('transcribe', { path: recording }, { onprogress: () => undefined });
wire.onmessage = onmessage;
const [, id] = /^Transcript (\S+) /.exec(transcribed.content[0].text);
const { tools } = await client.listTools();
const { resources } = await client.listResources();
const { resourceTemplates } = await client.listResourceTemplates();
const { prompts } = await client.listPrompts();
const templates = resourceTemplates.map(({ uriTemplate }) => uriTemplate);
const result = {
  tools: tools.map(({ name }) => name),
  progress,
  id,
  transcribed: textsOf(transcribed),
  srt: textsOf(await call('read_transcript', { id, format: 'srt' })),
  found: (await call('search_transcripts', { query: 'brooklyn' })).structuredContent,
  models: (await call('list_models', {})).structuredContent,
  refused: await call('transcribe', { path: outside }),
  wrong: await call('transcribe', { path: recording, colour: 'red' }),
  unknown: await call('read_transcript', { id: 'none' }),
  cancelled: await cancelled(),
  resources,
  templates,
  text: (await client.readResource({ uri: `hearth://transcripts/${id}` })).contents,
  subtitles: (await client.readResource({ uri: `hearth://transcripts/${id}/vtt` })).contents,
  missing: await client.readResource({ uri: 'hearth://transcripts/none' }).catch(({ code }) => code),
  completion: await client.complete({
    ref: { type: 'ref/resource', uri: 'hearth://transcripts/{id}/{format}' },
    argument: { name: 'format', value: 's' },
  }),
  prompts: prompts.map(({ name }) => name),
  minutes: (await client.getPrompt({ name: 'minutes', arguments: { transcript: id, language: 'German' } })).messages,
  chapters: (await client.getPrompt({ name: 'chapters' })).messages,
};
await client.close();
console.log(JSON.stringify(result));

function transport() {
  if (command !== undefined) {
    const server = { command: command[0], args: command.slice(1), env: process.env, stderr: 'inherit' };
    return isFirst ? new FirstStdio(server) : new StdioClientTransport(server);
  }
  const requestInit = { headers: { authorization: `Bearer ${token}` } };
  return new (isFirst ? FirstHttp : StreamableHTTPClientTransport)(new URL(url), { requestInit });
}

function call(name, given, requestOptions) {
  const request = { name, arguments: given };
  return isFirst ? client.callTool(request, undefined, requestOptions) : client.callTool(request, requestOptions);
}

function textsOf({ content }) {
  return content.map(({ text }) => text);
}

/** Cancels a call once its recording is open; what the call rejects with is the SDK's. */
async function cancelled() {
  const cancel = new AbortController();
  const onprogress = ({ message }) => {
    if (message.startsWith('Opened')) cancel.abort('enough');
  };
  const ended = call('transcribe', { path: long }, { signal: cancel.signal, onprogress });
  return ended.then(
    () => 'not cancelled',
    () => 'cancelled',
  );
}
