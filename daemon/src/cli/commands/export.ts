import { type Command, Option } from 'commander';
import type { FormatName } from '../../formats/formats.ts';
import { formatNames } from '../output/plan-output.ts';
import { parseFormats } from '../usage/parse-formats.ts';

/** `hearth export`. */
export function define(command: Command): void {
  command
    .description(
      'Writes transcripts of the history to a folder, one file each: those with the given ids, or all. Existing files are kept.',
    )
    .argument('<folder>', 'created if it is missing')
    .argument('[id...]', 'ids of transcripts; the start of an id is enough')
    .addOption(
      new Option('-f, --format <names>', 'Output formats, with commas. (default: txt)')
        .choices(formatNames)
        .argParser(parseFormats(formatNames)),
    )
    .action(async (folder: string, ids: string[], { format = ['txt'] }: { format?: readonly FormatName[] }) => {
      const { exportHistory } = await import('./history-export.ts');
      await exportHistory({ folder, ids, formats: format });
    });
}
