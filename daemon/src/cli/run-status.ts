import { readHealth } from '../client/read-health.ts';
import { requestJson } from '../client/request-json.ts';
import { daemonLocation } from './daemon-location.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { statusText } from './status-text.ts';

/** `hearth status`: for people, or with `--json` what `GET /v1/health` and `GET /v1/ps` answer. */
export async function runStatus({ json }: { readonly json: boolean }): Promise<ExitCode> {
  const { socketPath } = daemonLocation();
  const health = await readHealth({ socketPath });
  if (json) {
    const ps = await requestJson<unknown>({ socketPath, method: 'GET', path: '/v1/ps' });
    process.stdout.write(`${JSON.stringify({ health, ps }, null, 2)}\n`);
  } else {
    process.stdout.write(statusText({ health, socketPath }));
  }
  return exitCodes.ok;
}
