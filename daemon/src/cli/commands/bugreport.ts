import { constants } from 'node:fs';
import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { create } from 'tar';
import { HearthError } from '../../errors/hearth-error.ts';
import { writeError } from '../../errors/write-error.ts';
import { homePaths } from '../../settings/home-paths.ts';
import { collectReport } from '../bugreport/collect-report.ts';
import { checkEverything } from '../doctor/check-everything.ts';
import { log, printText } from '../terminal/print.ts';

/** `hearth bugreport`. */
export function define(command: Command): void {
  command
    .description(
      'Packs what helps to find a fault into a .tar.gz: versions, what `hearth doctor` finds, the settings without ' +
        'secrets, the states of jobs, and the log. It contains no transcripts, no names of recordings and no token.',
    )
    .option('-o, --output <path>', 'The archive. (default: hearth-bugreport-<time>.tar.gz in this folder)')
    .action(async ({ output = defaultName(new Date()) }: { output?: string }) => bugreport(output));
}

function defaultName(now: Date): string {
  return `hearth-bugreport-${now.toISOString().slice(0, 19).replaceAll(':', '')}.tar.gz`;
}

/** @throws `OUTPUT_NOT_WRITABLE`, also for a file that exists */
async function bugreport(output: string): Promise<void> {
  const paths = homePaths();
  const files = await collectReport({ paths, findings: await checkEverything({ socketPath: paths.socket }) });
  const folder = await mkdtemp(join(tmpdir(), 'hearth-bugreport-'));
  try {
    for (const [name, text] of files) await writeFile(join(folder, name), text);
    const archive = join(folder, 'report.tar.gz');
    await create({ gzip: true, portable: true, cwd: folder, file: archive, prefix: 'hearth-bugreport' }, [
      ...files.keys(),
    ]);
    await copyFile(archive, output, constants.COPYFILE_EXCL).catch((error: NodeJS.ErrnoException) => {
      throw error.code === 'EEXIST' ? exists(output) : writeError(output, error);
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  printText(`${output}\n`);
  log(`It contains ${[...files.keys()].join(', ')}. Look through it before you pass it on.`);
}

function exists(output: string): HearthError {
  return new HearthError('OUTPUT_NOT_WRITABLE', `Expected a new file, got ${output}, which exists.`, {
    hint: 'Name another one with --output.',
  });
}
