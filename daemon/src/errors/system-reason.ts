const reasons: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EAGAIN: 'the system has no room for more processes',
  EDQUOT: 'no space is left',
  EFBIG: 'it is too large',
  EISDIR: 'it is a folder',
  ELOOP: 'the link leads back to itself',
  EMFILE: 'too many files are open',
  ENAMETOOLONG: 'the name is too long',
  ENFILE: 'too many files are open',
  ENOENT: 'it does not exist',
  ENOMEM: 'there is not enough memory',
  ENOSPC: 'no space is left',
  ENOTFILE: 'it is no file',
  ENOTDIR: 'a part of the path is not a folder',
  EOWNFILE: 'it is a file that Hearth itself uses',
  EPERM: 'permission denied',
  EROFS: 'the disk is read-only',
  ERR_FS_EISDIR: 'it is a folder',
  // Network errors.
  CERT_HAS_EXPIRED: 'its certificate has expired',
  CERT_NOT_YET_VALID: 'its certificate is not valid yet',
  CERT_REVOKED: 'its certificate was revoked',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is not trusted',
  EAI_AGAIN: 'its name could not be looked up',
  ECONNREFUSED: 'it refused the connection',
  ECONNRESET: 'the connection broke',
  EHOSTUNREACH: 'it cannot be reached',
  ENETUNREACH: 'there is no network',
  ENOTFOUND: 'nobody knows that name',
  EPIPE: 'the connection broke',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'it answers without encryption',
  ERR_SSL_WRONG_VERSION_NUMBER: 'it answers without encryption',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name',
  ETIMEDOUT: 'it did not answer in time',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is not trusted',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its certificate is not trusted',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate is not trusted',
  UND_ERR_BODY_TIMEOUT: 'it did not answer in time',
  UND_ERR_CONNECT_TIMEOUT: 'it did not answer in time',
  UND_ERR_HEADERS_TIMEOUT: 'it did not answer in time',
  UND_ERR_SOCKET: 'the connection broke',
  Z_BUF_ERROR: 'what it sent is damaged',
  Z_DATA_ERROR: 'what it sent is damaged',
};

/** Why the system or a network refused something, in our words: `it cannot be reached`. */
export function systemReason(cause: unknown): string {
  const { code } = (cause ?? {}) as { readonly code?: unknown };
  if (typeof code !== 'string') return 'the system reported an error';
  return reasons[code] ?? `the system reported the error ${code}`;
}
