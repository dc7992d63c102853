import { expect, test } from '@jest/globals';
import { withoutSecrets, withoutWatched } from '../../../../daemon/src/cli/bugreport/redact.ts';
import { readSettings } from '../../../../daemon/src/settings/read-settings.ts';

test.each([
  ['http://proxy.example:3128', 'http://proxy.example:3128'],
  ['http://me:secret@proxy.example:3128', 'http://(set)@proxy.example:3128'],
  ['http://me:se@cret@proxy.example:3128', 'http://(set)@proxy.example:3128'],
  ['http://me:se/cret@proxy.example:3128', 'http://(set)@proxy.example:3128'],
  ['me:secret@proxy.example:3128', '(set)@proxy.example:3128'],
  ['/etc/proxy@work', '/etc/proxy@work'],
])('a report shows the proxy %s as %s', (proxy, shown) => {
  const settings = readSettings('/nowhere/settings.json', {});
  expect(withoutSecrets({ ...settings, proxy })['proxy']).toBe(shown);
});

test('what is said about a watched folder names neither it nor a recording', () => {
  const why = 'Expected to write /Users/ada/Divorce/Call with Bob.txt, got "No space left". Free some.';
  expect(withoutWatched(`Uploads wait. The watched folder /Users/ada/Divorce waits: ${why}\nMore.`)).toBe(
    'Uploads wait. The watched folder (path)',
  );
  expect(withoutWatched('1 recording failed in /var/lib/hearth.')).toBe('1 recording failed in /var/lib/hearth.');
});
