import { type FindConvertersRequest, findConverters } from '../converters/find-converters.ts';
import { installationAdvice } from '../converters/installation-advice.ts';
import type { Finding } from './doctor-checks.ts';

/**
 * Looks where an engine looks that inherits this environment.
 * @throws `CONVERTER_MISSING` when HEARTH_FFMPEG names nothing that can be run
 */
export async function checkConverter(request: FindConvertersRequest = {}): Promise<Omit<Finding, 'part'>> {
  const [first] = await findConverters(request);
  if (first !== undefined) return { state: 'ok', found: first.executable, advice: null };
  const advice = `m4a, mp4 and webm need one. ${installationAdvice(request.platform)}.`;
  return { state: 'warning', found: 'none', advice };
}
