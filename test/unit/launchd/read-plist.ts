import { execFileSync } from 'node:child_process';

const script = `
import json, plistlib, sys
def plain(value):
    return {'data': value.hex()} if isinstance(value, bytes) else str(value)
json.dump(plistlib.loads(sys.stdin.buffer.read()), sys.stdout, default=plain)
`;

/** A property list, XML or binary, as Python's plistlib reads it, which is stricter than the library that writes ours. */
export function readPlist(content: string | Uint8Array): unknown {
  return JSON.parse(execFileSync('python3', ['-c', script], { input: content, encoding: 'utf8' }));
}
