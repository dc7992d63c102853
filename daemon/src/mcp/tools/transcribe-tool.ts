import { basename, isAbsolute } from 'node:path';
import type { McpServer } from '@modelcontextprotocol/server';
import Type from 'typebox';
import { HearthError } from '../../errors/hearth-error.ts';
import { normalizeOptions } from '../../protocol/options/normalize-options.ts';
import { TranscriptionOptionsSchema } from '../../protocol/options/options-schema.ts';
import type { HearthAccess } from '../hearth-access.ts';
import { inputSchema } from '../input-schema.ts';
import { createJobProgress } from '../job-progress.ts';
import { requireAllowedFile } from '../require-allowed-file.ts';
import { defaultPageCharacters } from '../text-page.ts';
import { FormatSchema } from './format-schema.ts';
import { toolAnswer } from './tool-answer.ts';
import { transcriptAnswer } from './transcript-answer.ts';

const { language, task, model, initialPrompt, hotwords, wordTimestamps, audioTrack, audioChannels, speakerNames } =
  TranscriptionOptionsSchema.properties;

const InputSchema = Type.Object(
  {
    path: Type.String({ minLength: 1, description: 'Absolute path of an audio or video file.' }),
    format: FormatSchema,
    ...{ language, task, model, initialPrompt, hotwords, wordTimestamps, audioTrack, audioChannels, speakerNames },
  },
  { additionalProperties: false },
);

/** `transcribe`: a file becomes a transcript. It tells its progress to clients that ask for it, and can be cancelled. */
export function addTranscribeTool(server: McpServer, access: HearthAccess): void {
  server.registerTool(
    'transcribe',
    {
      title: 'Transcribe a recording',
      description:
        'Transcribes an audio or video file on this computer, and returns its text and the id under which the history keeps it. The user allows folders with the setting `mcpFolders`.',
      inputSchema: inputSchema(InputSchema),
      annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: false },
    },
    ({ path, format = 'txt', ...given }, { mcpReq }) =>
      toolAnswer(async () => {
        refuseModelPath(given.model);
        const options = normalizeOptions(given);
        const file = await requireAllowedFile(path, access.folders());
        const progressToken = mcpReq._meta?.progressToken;
        const onEvent = createJobProgress((progress) => {
          if (progressToken === undefined) return;
          const params = { progressToken, ...progress };
          // A client that is gone hears nothing; its signal ends the job.
          void mcpReq.notify({ method: 'notifications/progress', params }).catch(() => undefined);
        });
        const { id, transcript } = await access.transcribe({ path: file, options, signal: mcpReq.signal, onEvent });
        const shown = { id, name: basename(path), createdAt: new Date(), transcript, layout: options };
        return transcriptAnswer(shown, { format, offset: 0, characters: defaultPageCharacters });
      }),
  );
}

/** Models that are listed are the user's choice; a path could name any folder. @throws `REQUEST_REFUSED` */
function refuseModelPath(model: string | undefined): void {
  if (model === undefined || !isAbsolute(model)) return;
  throw new HearthError('REQUEST_REFUSED', `Expected the name of a model, got the path ${model}.`, {
    hint: 'Use one of the names that list_models returns.',
  });
}
