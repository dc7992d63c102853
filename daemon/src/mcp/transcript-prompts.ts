import type { McpServer, PromptMessage } from '@modelcontextprotocol/server';
import Type from 'typebox';
import { formats } from '../formats/formats.ts';
import type { HistoryDetails } from '../protocol/history.ts';
import type { HearthAccess } from './hearth-access.ts';
import { inputSchema } from './input-schema.ts';
import { findTranscript, transcriptUri } from './transcript-resources.ts';

const ArgumentsSchema = Type.Object(
  {
    transcript: Type.Optional(Type.String({ description: 'Id of the transcript; default: the latest one.' })),
    language: Type.Optional(Type.String({ description: 'Language to write in; default: that of the recording.' })),
  },
  { additionalProperties: false },
);

const prompts = {
  minutes: {
    title: 'Minutes of a meeting',
    description: 'Writes the minutes of a recorded meeting: decisions, tasks and open questions.',
    format: 'txt',
    task:
      'Write the minutes of the meeting in this transcript: a summary of at most five sentences, then the decisions, ' +
      'the tasks with who does them and until when, and the open questions. Use only what was said. Say where the ' +
      'transcript is unclear. Leave out a part that has nothing in it.',
  },
  chapters: {
    title: 'Chapters of a recording',
    description: 'Cuts a recording into chapters with times and titles.',
    format: 'vtt',
    task:
      'Cut the recording in this transcript into chapters, one for each topic. Write one line for each: the time at which ' +
      'it starts as HH:MM:SS, a space, and a title of at most eight words. The first chapter starts at 00:00:00. Use ' +
      'times of the transcript only.',
  },
} as const;

/** Prompts that a person picks in a client; each brings a transcript along. */
export function addTranscriptPrompts(server: McpServer, access: HearthAccess): void {
  for (const [name, { title, description, task, format }] of Object.entries(prompts)) {
    server.registerPrompt(
      name,
      { title, description, argsSchema: inputSchema(ArgumentsSchema) },
      async ({ transcript, language }) => {
        const found = await findTranscript(access, transcript);
        return {
          description: `${title}: ${found.name ?? found.id}`,
          messages: messagesOf({ found, task, format, language }),
        };
      },
    );
  }
}

interface PromptParts {
  readonly found: HistoryDetails;
  readonly task: string;
  readonly format: 'txt' | 'vtt';
  readonly language: string | undefined;
}

function messagesOf({ found, task, format, language }: PromptParts): PromptMessage[] {
  const { id, name, createdAt, result, options } = found;
  const about = `The recording${name === null ? '' : ` ${name}`} was transcribed on ${createdAt.slice(0, 10)}.`;
  const wanted =
    language === undefined ? 'Write in the language of the recording.' : `Write in this language: ${language}.`;
  const { mediaType, write } = formats[format];
  const resource = { uri: `${transcriptUri(id)}/${format}`, mimeType: mediaType, text: write(result, options) };
  return [
    { role: 'user', content: { type: 'text', text: `${task} ${wanted} ${about}` } },
    { role: 'user', content: { type: 'resource', resource } },
  ];
}
