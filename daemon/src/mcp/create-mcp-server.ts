import { McpServer } from '@modelcontextprotocol/server';
import { ownVersion } from '../settings/own-version.ts';
import type { HearthAccess } from './hearth-access.ts';
import { addListModelsTool } from './tools/list-models-tool.ts';
import { addReadTranscriptTool } from './tools/read-transcript-tool.ts';
import { addSearchTranscriptsTool } from './tools/search-transcripts-tool.ts';
import { addTranscribeTool } from './tools/transcribe-tool.ts';
import { addTranscriptPrompts } from './transcript-prompts.ts';
import { addTranscriptResources } from './transcript-resources.ts';

const instructions =
  'Hearth transcribes recordings on this computer. `transcribe` takes the absolute path of a recording below a folder that ' +
  'the user allows in `mcpFolders`. Every transcript has an id; `search_transcripts` finds ids, `read_transcript` reads one.';

/** A server of the Model Context Protocol for one client: tools, resources and prompts. */
export function createMcpServer(access: HearthAccess): McpServer {
  const server = new McpServer({ name: 'hearth', title: 'Hearth', version: ownVersion() }, { instructions });
  addTranscribeTool(server, access);
  addSearchTranscriptsTool(server, access);
  addReadTranscriptTool(server, access);
  addListModelsTool(server, access);
  addTranscriptResources(server, access);
  addTranscriptPrompts(server, access);
  return server;
}
