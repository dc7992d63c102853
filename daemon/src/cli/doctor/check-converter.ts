import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type FindConvertersRequest, findConverters } from '../../converters/find-converters.ts';
import { installationAdvice } from '../../converters/installation-advice.ts';
import { describeSandbox, type Sandbox } from '../../converters/sandbox.ts';
import { tryConverter } from '../../converters/sandbox-for.ts';
import { type Finding, ok } from './finding.ts';

/**
 * Looks for a converter where an engine with this environment looks, and tries it in the engine's sandbox.
 * @throws `CONVERTER_MISSING` when HEARTH_FFMPEG is not a program
 */
export async function checkConverter(request: FindConvertersRequest = {}): Promise<Finding> {
  const [first] = await findConverters(request);
  if (first === undefined) {
    const advice = `m4a, mp4 and webm need one. ${installationAdvice(request.platform)}.`;
    return { state: 'warning', found: 'none', advice };
  }
  const temporaryFolder = await mkdtemp(join(tmpdir(), 'hearth-doctor-'));
  try {
    const { sandbox, works } = await tryConverter({ converter: first, temporaryFolder });
    if (works) return describeWorking(first.executable, sandbox);
    const advice = `It cannot convert a recording. ${installationAdvice(request.platform)}.`;
    return { state: 'wrong', found: first.executable, advice };
  } finally {
    await rm(temporaryFolder, { recursive: true, force: true });
  }
}

function describeWorking(executable: string, { name }: Sandbox): Finding {
  if (name === 'none') {
    const advice =
      'It does not work in a sandbox, or there is none. A malicious recording could use a bug in it to read your files.';
    return { state: 'warning', found: `${executable}, without a sandbox`, advice };
  }
  if (!describeSandbox().seesOnlyItsInput) {
    const advice = 'Linux 5.13 or newer, with Landlock, keeps it away from other files.';
    return { state: 'warning', found: `${executable}, in a sandbox that does not hide your files`, advice };
  }
  return ok(`${executable}, in a sandbox`);
}
