import { type McpServer, ResourceNotFoundError, ResourceTemplate } from '@modelcontextprotocol/server';
import { HearthError } from '../errors/hearth-error.ts';
import { formats, type TextFormatName, textFormatNames } from '../formats/formats.ts';
import type { HistoryDetails, HistoryEntry } from '../protocol/history.ts';
import type { HearthAccess } from './hearth-access.ts';

/** How many of the latest transcripts a client is shown. */
const listedTranscripts = 50;

/** Transcripts as resources: `hearth://transcripts/ID` is the text of one, `hearth://transcripts/ID/srt` its subtitles. */
export function addTranscriptResources(server: McpServer, access: HearthAccess): void {
  const idCompletion = (typed: string) => completeId(access, typed);
  server.registerResource(
    'transcript',
    new ResourceTemplate('hearth://transcripts/{id}', {
      list: async () => {
        const { entries } = await access.searchHistory({ limit: listedTranscripts });
        return { resources: entries.map(resourceOf) };
      },
      complete: { id: idCompletion },
    }),
    { title: 'Transcript', description: 'The text of a past transcript.', mimeType: formats.txt.mediaType },
    async (uri, { id }) => ({ contents: [await read(access, uri, { id: String(id), format: 'txt' })] }),
  );
  server.registerResource(
    'transcript-format',
    new ResourceTemplate('hearth://transcripts/{id}/{format}', {
      list: undefined,
      complete: {
        id: idCompletion,
        format: (typed) => textFormatNames.filter((name) => name.startsWith(typed)),
      },
    }),
    { title: 'Transcript in a format', description: `A past transcript as ${textFormatNames.join(', ')}.` },
    async (uri, { id, format }) => {
      const name = textFormatNames.find((each) => each === format);
      if (name === undefined)
        throw new ResourceNotFoundError(uri.href, `Expected a format (${textFormatNames.join(', ')}), got ${format}.`);
      return { contents: [await read(access, uri, { id: String(id), format: name })] };
    },
  );
}

/** The transcript with an id, or the latest one without. @throws `HISTORY_ENTRY_NOT_FOUND` */
export async function findTranscript(access: HearthAccess, id: string | undefined): Promise<HistoryDetails> {
  const wanted = id ?? (await access.searchHistory({ limit: 1 })).entries[0]?.id;
  if (wanted === undefined) throw new HearthError('HISTORY_ENTRY_NOT_FOUND', 'The history has no transcript yet.');
  return access.getTranscript(wanted);
}

/** Ids that start with what was typed, of the latest transcripts. */
async function completeId(access: HearthAccess, typed: string): Promise<string[]> {
  const { entries } = await access.searchHistory({ limit: listedTranscripts });
  return entries.map(({ id }) => id).filter((id) => id.startsWith(typed));
}

export function transcriptUri(id: string): string {
  return `hearth://transcripts/${encodeURIComponent(id)}`;
}

function resourceOf({ id, name, createdAt, excerpt }: HistoryEntry) {
  return {
    uri: transcriptUri(id),
    name: name ?? id,
    title: `${createdAt.slice(0, 10)} ${name ?? 'Transcript'}`,
    description: excerpt.replace(/\s+/g, ' ').trim(),
    mimeType: formats.txt.mediaType,
  };
}

async function read(
  access: HearthAccess,
  uri: URL,
  { id, format }: { readonly id: string; readonly format: TextFormatName },
) {
  try {
    const { name, createdAt, result, options } = await access.getTranscript(decodeURIComponent(id));
    const origin = { name, createdAt: new Date(createdAt) };
    return { uri: uri.href, mimeType: formats[format].mediaType, text: formats[format].write(result, options, origin) };
  } catch (error) {
    if (error instanceof HearthError && error.code === 'HISTORY_ENTRY_NOT_FOUND') {
      throw new ResourceNotFoundError(uri.href, error.message);
    }
    throw error;
  }
}
