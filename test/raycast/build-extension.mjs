import { extensionFolder, runRay } from './store/ray.ts';

/** Jest's set-up of these tests: builds the extension as the Store does, so that they run on what is in the sources. */
export default async function buildExtension() {
  const { code, output } = await runRay(extensionFolder, ['build', '-e', 'dist', '-o', 'dist']);
  if (code !== 0) throw new Error(`Expected \`ray build\` to succeed, got exit code ${code}.\n${output}`);
}
