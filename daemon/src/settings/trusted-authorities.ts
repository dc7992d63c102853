import { X509Certificate } from 'node:crypto';
import { getCACertificates } from 'node:tls';
import { HearthError } from '../errors/hearth-error.ts';
import { systemReason } from '../errors/system-reason.ts';
import { readGivenFileNow } from './read-given-file.ts';

/** Those of a whole system have a quarter of a megabyte. */
const mostCertificateBytes = 16 * 1024 * 1024;

/**
 * Certificate authorities, each as PEM: those that Node brings along, those of the system, where companies put theirs, and
 * those in a file, the setting `certificates`; empty for none.
 * @throws `SETTINGS_INVALID` for a file without certificates
 */
export function trustedAuthorities(file: string): readonly string[] {
  const known = [...getCACertificates('default'), ...getCACertificates('system')];
  return file === '' ? known : [...known, ...certificatesIn(file)];
}

function certificatesIn(file: string): readonly string[] {
  const found = readCertificates(file).match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g) ?? [];
  if (found.length > 0 && found.every(isCertificate)) return found;
  throw new HearthError('SETTINGS_INVALID', `Expected certificates in ${file}, got none that can be read.`, {
    hint: 'Name a PEM file, whose certificates begin with -----BEGIN CERTIFICATE-----.',
  });
}

function readCertificates(file: string): string {
  try {
    return readGivenFileNow(file, mostCertificateBytes).toString();
  } catch (cause) {
    throw new HearthError('SETTINGS_INVALID', `Expected certificates in ${file}, but ${systemReason(cause)}.`, {
      cause,
    });
  }
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).subject !== undefined;
  } catch {
    return false;
  }
}
