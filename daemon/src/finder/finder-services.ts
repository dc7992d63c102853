import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { writeError } from '../errors/write-error.ts';
import { type AutomatorService, buildAutomatorService } from './automator-service.ts';
import { transcribeScript } from './transcribe-script.ts';

export interface FinderServicesRequest {
  /** `~/Library/Services`. */
  readonly servicesFolder: string;
  /** Path of `pbs`, which rereads the folder. */
  readonly pasteboardProgram: string;
}

/** Adds Hearth's entries to Finder's Quick Actions. Returns the paths of their bundles. @throws `OUTPUT_NOT_WRITABLE` */
export async function installFinderServices(
  request: FinderServicesRequest & { readonly launcher: string },
): Promise<readonly string[]> {
  const services = finderServices(request.launcher);
  for (const service of services) await writeBundle(bundleOf(service, request), buildAutomatorService(service));
  await flush(request);
  return services.map((service) => bundleOf(service, request));
}

/** Removes them; false if there were none. */
export async function uninstallFinderServices(request: FinderServicesRequest): Promise<boolean> {
  const bundles = finderServices('').map((service) => bundleOf(service, request));
  const found = bundles.filter((bundle) => existsSync(bundle));
  for (const bundle of found) await rm(bundle, { recursive: true });
  await flush(request);
  return found.length > 0;
}

function finderServices(launcher: string): readonly AutomatorService[] {
  return [
    {
      title: 'Transcribe with Hearth',
      identifier: 'local.hearth.finder.transcribe',
      script: transcribeScript({ launcher, format: 'txt' }),
    },
    {
      title: 'Make Subtitles with Hearth',
      identifier: 'local.hearth.finder.subtitles',
      script: transcribeScript({ launcher, format: 'srt' }),
    },
  ];
}

function bundleOf({ title }: AutomatorService, { servicesFolder }: FinderServicesRequest): string {
  return join(servicesFolder, `${title}.workflow`);
}

/** Replaces an older bundle in one step. */
async function writeBundle(bundle: string, files: Readonly<Record<string, string>>): Promise<void> {
  const finished = `${bundle}.${process.pid}.new`;
  try {
    for (const [name, content] of Object.entries(files)) {
      await mkdir(dirname(join(finished, name)), { recursive: true });
      await writeFile(join(finished, name), content);
    }
    await rm(bundle, { recursive: true, force: true });
    await rename(finished, bundle);
  } catch (cause) {
    await rm(finished, { recursive: true, force: true }).catch(() => undefined);
    throw writeError(bundle, cause, { hint: `Make ${dirname(bundle)} writable for yourself.` });
  }
}

/** Without it the menu changes only at the next login. */
async function flush({ pasteboardProgram }: FinderServicesRequest): Promise<void> {
  await promisify(execFile)(pasteboardProgram, ['-flush']).catch(() => undefined);
}
