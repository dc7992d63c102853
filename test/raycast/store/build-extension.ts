import { extensionFolder, runRay } from './ray.ts';

/** Builds the extension as the Store does, into its `dist`. */
export async function buildExtension(): Promise<void> {
  const { code, output } = await runRay(extensionFolder, ['build', '-e', 'dist', '-o', 'dist']);
  if (code !== 0) throw new Error(`Expected \`ray build\` to succeed, got exit code ${code}.\n${output}`);
}
