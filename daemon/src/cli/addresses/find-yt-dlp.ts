import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { HearthError } from '../../errors/hearth-error.ts';

/** Where package managers and pip put programs that are not on every PATH. */
const otherFolders = ['/opt/homebrew/bin', '/usr/local/bin', '/opt/local/bin', join(homedir(), '.local', 'bin')];

/** The user's own yt-dlp. @throws `DOWNLOADER_MISSING` */
export async function findYtDlp(
  { PATH = '' }: { readonly PATH?: string } = process.env,
  { platform = process.platform, others = otherFolders } = {},
): Promise<string> {
  const folders = [...PATH.split(delimiter).filter((folder) => folder !== ''), ...others];
  for (const folder of folders) {
    const path = join(folder, 'yt-dlp');
    const isProgram = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (isProgram) return path;
  }
  const command = platform === 'darwin' ? 'brew install yt-dlp' : 'pipx install yt-dlp';
  throw new HearthError('DOWNLOADER_MISSING', 'Hearth reads addresses with yt-dlp, which is not installed.', {
    hint: `Install it (\`${command}\`), or download the recording and name its file.`,
  });
}
