import { getTranscript, searchHistory } from '../../client/history.ts';
import { listModels } from '../../client/models.ts';
import { transcribe } from '../../client/transcriptions.ts';
import type { HearthAccess } from '../../mcp/hearth-access.ts';
import { homePaths } from '../../settings/home-paths.ts';
import { readSettings } from '../../settings/read-settings.ts';
import { openRecording } from '../open-recording.ts';
import { reachDaemon } from '../reach-daemon.ts';

/**
 * The MCP server's work through the daemon of this user, which is started when it is needed. This process opens the
 * recordings and sends their bytes, so that macOS asks about the program that runs it and not about the daemon.
 */
export function clientAccess(): HearthAccess {
  return {
    folders: () => readSettings(homePaths().settingsFile).mcpFolders,
    async transcribe({ path, options, signal, onEvent }) {
      const daemon = await reachDaemon(signal);
      const recording = await openRecording(path, { followLinks: false });
      let id = '';
      const transcript = await transcribe(daemon, {
        ...recording,
        options,
        onEvent(event) {
          id = event.jobId;
          onEvent(event);
        },
      });
      return { id, transcript };
    },
    searchHistory: async (search) => searchHistory(await reachDaemon(), search),
    getTranscript: async (id) => getTranscript(await reachDaemon(), id),
    listModels: async () => listModels(await reachDaemon()),
  };
}
