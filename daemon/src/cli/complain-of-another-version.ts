import { ownVersion } from './own-version.ts';

/** Says once that a daemon is not of this version, as one that was started before an update. */
export function complainOfAnotherVersion(complain: (line: string) => void): (version: string) => void {
  const own = ownVersion();
  let isTold = false;
  return (version) => {
    if (version === own || isTold) return;
    isTold = true;
    complain(`the daemon is Hearth ${version}, this is ${own}. Run \`hearth restart\` to use the new one.`);
  };
}
