import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { TranscriptionOptionsSchema } from '../daemon/src/options/transcription-options.ts';
import { rootFolder } from './folders.mjs';

const flagsPath = join(rootFolder, 'daemon', 'src', 'cli', 'transcription-flags.ts');

/** The command line's flags, one per option of the schema. */
export function describeFlags(schema = TranscriptionOptionsSchema) {
  return Object.entries(schema.properties).map(
    ([option, { type, anyOf, items, default: fallback, description, ...own }]) => ({
      option,
      kind: anyOf ? 'choice' : type === 'array' ? `${items.type}-list` : type,
      ...(anyOf && { choices: anyOf.map((choice) => choice.const) }),
      ...rangeOf(items ?? own),
      ...(fallback !== undefined && { default: fallback }),
      description,
    }),
  );
}

/** What each number of an option must lie in. */
function rangeOf({ minimum, maximum, exclusiveMinimum }) {
  return {
    ...(minimum !== undefined && { minimum }),
    ...(exclusiveMinimum !== undefined && { exclusiveMinimum }),
    ...(maximum !== undefined && { maximum }),
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(
    flagsPath,
    `import type { TranscriptionFlag } from './transcription-flag.ts';

/** Written from options/transcription-options.ts by \`npm run generate\`, whose library takes too long to load here. */
export const transcriptionFlags: readonly TranscriptionFlag[] = ${JSON.stringify(describeFlags(), null, 2)};
`,
  );
  spawnSync(join(rootFolder, 'node_modules', '.bin', 'biome'), ['format', '--write', flagsPath], { stdio: 'inherit' });
}
