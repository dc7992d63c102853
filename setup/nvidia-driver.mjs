import { spawnSync } from 'node:child_process';

/** The oldest driver that runs CUDA 13. */
export const oldestNvidiaDriver = '580';

/**
 * The version of the NVIDIA driver, such as "580.65.06", as NVIDIA's own program tells it. Null without a GPU that works,
 * or if `HEARTH_GPU=off`.
 */
export function nvidiaDriverVersion() {
  if (process.env.HEARTH_GPU === 'off') return null;
  const query = ['--query-gpu=driver_version', '--format=csv,noheader'];
  const { status, stdout } = spawnSync('nvidia-smi', query, { encoding: 'utf8', timeout: 30_000 });
  const version = /^\d+(\.\d+)+$/m.exec(stdout ?? '');
  return status === 0 && version ? version[0] : null;
}
