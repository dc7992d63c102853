import { readFileSync } from 'node:fs';

const commands = {
  compiler: { macos: 'xcode-select --install', debian: 'sudo apt install g++', fedora: 'sudo dnf install gcc-c++' },
  python: { macos: 'xcode-select --install', debian: 'sudo apt install python3', fedora: 'sudo dnf install python3' },
  pip: {
    macos: 'python3 -m ensurepip',
    debian: 'sudo apt install python3-pip',
    fedora: 'sudo dnf install python3-pip',
  },
  npm: { macos: 'brew install node@22', debian: 'sudo apt install npm', fedora: 'sudo dnf install nodejs-npm' },
};

/** A sentence that says how to install a tool here, for both Linux families if the distribution is unknown. */
export function installHint(tool, system = currentSystem()) {
  const known = commands[tool];
  if (known[system]) return `Install it with \`${known[system]}\`.`;
  return `Install it with your package manager (Debian, Ubuntu: \`${known.debian}\`; Fedora: \`${known.fedora}\`).`;
}

function currentSystem() {
  if (process.platform === 'darwin') return 'macos';
  try {
    return linuxFamily(readFileSync('/etc/os-release', 'utf8'));
  } catch {
    return 'linux';
  }
}

/** `debian`, `fedora` or `linux`, from the content of /etc/os-release. */
export function linuxFamily(osRelease) {
  const ids = [...osRelease.matchAll(/^ID(?:_LIKE)?="?([^"\n]*)"?$/gm)].flatMap((match) => match[1].split(' '));
  if (ids.includes('debian') || ids.includes('ubuntu')) return 'debian';
  if (ids.includes('fedora') || ids.includes('rhel')) return 'fedora';
  return 'linux';
}
