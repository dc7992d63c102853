import { readHealth, readResidency } from '../client/health.ts';
import { HearthError } from '../errors/hearth-error.ts';
import { daemonLocation } from './daemon-location.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { hearthService } from './hearth-service.ts';
import { statusText } from './status-text.ts';
import { printJson, printText } from './terminal/print.ts';

/** `hearth status`: for people, or with `--json` what `GET /v1/health` and `GET /v1/ps` answer and the service's state. */
export async function runStatus({ json }: { readonly json: boolean }): Promise<ExitCode> {
  const { socketPath } = daemonLocation();
  const installed = hearthService();
  const service = installed?.isInstalled() === true ? await installed.status() : null;
  const health = await readHealth({ socketPath }).catch((error: HearthError) => {
    const hint = service?.advice ?? error.hint;
    throw new HearthError(error.code, error.message, { hint, cause: error });
  });
  if (json) {
    const ps = await readResidency({ socketPath });
    printJson({ health, ps, service });
  } else {
    printText(statusText({ health, service, socketPath }));
  }
  return exitCodes.ok;
}
