/** How to install a converter on this machine; without a full stop. */
export function installationAdvice(platform: NodeJS.Platform = process.platform): string {
  const command = platform === 'darwin' ? 'brew install ffmpeg' : 'apt install ffmpeg';
  return `Install ffmpeg (\`${command}\`), or set HEARTH_FFMPEG to one, such as that of PyPI's \`imageio-ffmpeg\``;
}
