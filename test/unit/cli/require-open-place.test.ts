import { expect, test } from '@jest/globals';
import { requireOpenPlace } from '../../../daemon/src/cli/require-open-place.ts';

test.each(['Desktop', 'Documents', 'Downloads', 'Library/Mobile Documents'])(
  'a Hearth in %s, which macOS guards, is refused with what to do',
  (folder) => {
    expect(() => requireOpenPlace(`/Users/ada/${folder}/hearth/daemon/main.js`, '/Users/ada')).toThrow(
      expect.objectContaining({ code: 'PLACE_GUARDED', hint: expect.stringContaining('Move it elsewhere') }),
    );
  },
);

test.each(['/opt/homebrew/opt/hearth/main.js', '/Users/ada/hearth/main.js', '/Users/ada/Documents-old/main.js'])(
  '%s may be run by anybody',
  (path) => {
    expect(() => requireOpenPlace(path, '/Users/ada')).not.toThrow();
  },
);
