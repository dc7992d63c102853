import type { McpServer } from '@modelcontextprotocol/server';
import Type from 'typebox';
import type { HearthAccess } from '../hearth-access.ts';
import { inputSchema } from '../input-schema.ts';
import { defaultPageCharacters } from '../text-page.ts';
import { FormatSchema } from './format-schema.ts';
import { toolAnswer } from './tool-answer.ts';
import { transcriptAnswer } from './transcript-answer.ts';

const InputSchema = Type.Object(
  {
    id: Type.String({ minLength: 1, description: 'The id of the transcript, whole.' }),
    format: FormatSchema,
    offset: Type.Optional(
      Type.Integer({ minimum: 0, default: 0, description: 'Where to go on, in characters, as the page before says.' }),
    ),
    characters: Type.Optional(
      Type.Integer({ minimum: 100, default: defaultPageCharacters, description: 'Most characters to return.' }),
    ),
  },
  { additionalProperties: false },
);

/** `read_transcript`: a past transcript in any format, a page at a time. */
export function addReadTranscriptTool(server: McpServer, access: HearthAccess): void {
  server.registerTool(
    'read_transcript',
    {
      title: 'Read a transcript',
      description: 'Returns a past transcript by its id, as text, subtitles or data.',
      inputSchema: inputSchema(InputSchema),
      annotations: { readOnlyHint: true, openWorldHint: false },
    },
    ({ id, format = 'txt', offset = 0, characters = defaultPageCharacters }) =>
      toolAnswer(async () => {
        const { name, createdAt, result, options } = await access.getTranscript(id);
        return transcriptAnswer(
          { id, name, createdAt: new Date(createdAt), transcript: result, layout: options },
          { format, offset, characters },
        );
      }),
  );
}
