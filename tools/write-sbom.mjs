import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rootFolder } from '../setup/folders.mjs';

/** A CycloneDX list of everything in a running Hearth: npm packages, and the wheels beside them. */
export function addWheels(sbom, requirements) {
  const wheels = new Map();
  for (const line of requirements.flatMap((text) => text.split('\n'))) {
    const [, name, version] = /^([\w.-]+)==(\S+)/.exec(line) ?? [];
    if (name === undefined) continue;
    const purl = `pkg:pypi/${name.toLowerCase()}@${version}`;
    const known = wheels.get(purl)?.hashes ?? [];
    const hashes = [...line.matchAll(/--hash=sha256:([0-9a-f]{64})/g)].map(([, content]) => ({
      alg: 'SHA-256',
      content,
    }));
    wheels.set(purl, { 'bom-ref': purl, type: 'library', name, version, purl, hashes: [...known, ...hashes] });
  }
  return { ...sbom, components: [...sbom.components, ...wheels.values()] };
}

function main() {
  const folder = join(rootFolder, 'setup', 'requirements');
  // The others are build tools.
  const names = readdirSync(folder).filter((name) => /^(darwin|linux)-\w+\.txt$/.test(name));
  const requirements = names.map((name) => readFileSync(join(folder, name), 'utf8'));
  const npmArguments = ['sbom', '--sbom-format', 'cyclonedx', '--omit', 'dev', '--package-lock-only'];
  const ofPackages = execFileSync('npm', npmArguments, { cwd: rootFolder, encoding: 'utf8', maxBuffer: 2 ** 26 });
  process.stdout.write(`${JSON.stringify(addWheels(JSON.parse(ofPackages), requirements), null, 2)}\n`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main();
