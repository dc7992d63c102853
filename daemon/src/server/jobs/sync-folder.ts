import { open } from 'node:fs/promises';

/** Makes the names in a folder outlive the machine's power; file systems that cannot do so are left alone. */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  await folder.sync().catch(() => undefined);
  await folder.close();
}
