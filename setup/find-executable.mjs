import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';

/** Path of the first executable file with one of these names on `searchPath` (as `PATH`), or null. Absolute names stay as they are. */
export function findExecutable(names, searchPath = process.env.PATH ?? '') {
  for (const name of names) {
    if (isAbsolute(name) && isExecutableFile(name)) return name;
    for (const folder of searchPath.split(delimiter)) {
      const candidate = join(folder, name);
      if (folder !== '' && isExecutableFile(candidate)) return candidate;
    }
  }
  return null;
}

function isExecutableFile(path) {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
