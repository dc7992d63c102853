import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A certificate of 127.0.0.1 that nobody vouches for, made as a company's administrator makes one; the paths of two PEM files. */
export function makeCertificate(folder: string, { days = 2 } = {}): { readonly key: string; readonly cert: string } {
  const [key, request, extension, cert] = ['key', 'request', 'extension', 'cert'].map((name) =>
    join(folder, `${name}.pem`),
  ) as [string, string, string, string];
  const run = (...words: readonly string[]) => execFileSync('openssl', words, { stdio: 'ignore' });
  writeFileSync(extension, 'subjectAltName=IP:127.0.0.1\n');
  run('req', '-newkey', 'rsa:2048', '-nodes', '-subj', '/CN=127.0.0.1', '-keyout', key, '-out', request);
  const dates = ['-days', String(days), '-extfile', extension];
  run('x509', '-req', '-in', request, '-signkey', key, ...dates, '-out', cert);
  return { key, cert };
}
