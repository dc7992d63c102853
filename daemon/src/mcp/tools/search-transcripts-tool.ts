import type { McpServer } from '@modelcontextprotocol/server';
import { HistorySearchSchema } from '../../protocol/history.ts';
import { historyPageLength } from '../../protocol/history-page-length.ts';
import type { HearthAccess } from '../hearth-access.ts';
import { inputSchema } from '../input-schema.ts';
import { dataAnswer, toolAnswer } from './tool-answer.ts';

/** `search_transcripts`: past transcripts with some words, or the latest ones. */
export function addSearchTranscriptsTool(server: McpServer, access: HearthAccess): void {
  server.registerTool(
    'search_transcripts',
    {
      title: 'Search transcripts',
      description:
        'Lists past transcripts, newest first: those with all words of the query, or the latest without one.',
      inputSchema: inputSchema(HistorySearchSchema),
      annotations: { readOnlyHint: true, openWorldHint: false },
    },
    ({ query, limit = historyPageLength.default, before }) =>
      toolAnswer(async () => {
        const page = await access.searchHistory({
          limit,
          ...(query !== undefined && { query }),
          ...(before !== undefined && { before }),
        });
        return dataAnswer({ entries: page.entries, nextBefore: page.nextBefore, total: page.total });
      }),
  );
}
