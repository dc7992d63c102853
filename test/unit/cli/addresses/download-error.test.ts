import { expect, test } from '@jest/globals';
import { downloadError } from '../../../../daemon/src/cli/addresses/download-error.ts';

/** As yt-dlp 2026.10.26 and its documentation have them. */
test.each([
  [
    'ERROR: [generic] none: Unable to download webpage: HTTP Error 404: File not found',
    'There is nothing at https://x.org/a.',
  ],
  [
    "ERROR: [generic] x: Unable to download webpage: Failed to resolve 'x.org' ([Errno -2] Name or service not known)",
    'https://x.org/a cannot be reached.',
  ],
  ['ERROR: Unsupported URL: https://x.org/a', 'yt-dlp finds no recording at https://x.org/a.'],
  [
    "ERROR: [youtube] x: Private video. Sign in if you've been granted access to this video",
    'The recording at https://x.org/a is not public.',
  ],
  [
    'ERROR: [x] The requested site is known to use DRM protection',
    'The recording at https://x.org/a is protected against copying.',
  ],
  ['ERROR: [youtube] x: Precondition check failed', 'yt-dlp cannot read https://x.org/a.'],
])('%s', (said, message) => {
  const error = downloadError('https://x.org/a', ['WARNING: HTTP Error 404 is no news', said]);
  expect(error).toMatchObject({ code: 'ADDRESS_UNREADABLE', message });
  expect(error.message + error.hint).not.toContain('ERROR');
});

test('a full disk is one', () => {
  expect(
    downloadError('https://x.org/a', ['ERROR: unable to write data: [Errno 28] No space left on device']),
  ).toMatchObject({
    code: 'DISK_FULL',
  });
});
