import type { McpServer } from '@modelcontextprotocol/server';
import type { HearthAccess } from '../hearth-access.ts';
import { dataAnswer, toolAnswer } from './tool-answer.ts';

/** `list_models`: the models that `transcribe` can use. */
export function addListModelsTool(server: McpServer, access: HearthAccess): void {
  server.registerTool(
    'list_models',
    {
      title: 'List models',
      description: 'Lists the models on this computer, and which one is the default.',
      annotations: { readOnlyHint: true, openWorldHint: false },
    },
    () =>
      toolAnswer(async () => {
        const models = await access.listModels();
        // Assistants need no folders of this computer.
        const listed = models.map(({ name, source, byteCount, isDefault, isResident }) => {
          return { name, source, byteCount, isDefault, isResident };
        });
        return dataAnswer({ models: listed });
      }),
  );
}
