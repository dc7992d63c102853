/**
 * Stands in for `shortcuts sign`: takes a binary property list that holds a workflow and writes it behind the magic of
 * Apple's archives. In the folder STAND_IN_SHORTCUTS it keeps `calls`; modes that the file `broken` lists fail there.
 */
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { parseBinary } from 'plist';

const folder = process.env.STAND_IN_SHORTCUTS;
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    mode: { type: 'string', short: 'm', default: 'people-who-know-me' },
    input: { type: 'string', short: 'i' },
    output: { type: 'string', short: 'o' },
  },
});
appendFileSync(join(folder, 'calls'), `${positionals.join(' ')} ${values.mode} ${values.input}\n`);
if (positionals.join() !== 'sign') fail(`Unknown subcommand ${positionals.join(' ')}`);
if (!['people-who-know-me', 'anyone'].includes(values.mode)) fail(`Unknown mode ${values.mode}`);
const broken = join(folder, 'broken');
if (existsSync(broken) && readFileSync(broken, 'utf8').includes(values.mode)) {
  fail(values.mode === 'anyone' ? 'The server answered 500.' : 'No account is signed in.');
}
if (existsSync(values.output)) fail('The output exists.');
const content = readFileSync(values.input);
if (!Array.isArray(parseBinary(content).WFWorkflowActions)) fail('The file is not a shortcut.');
writeFileSync(values.output, Buffer.concat([Buffer.from('AEA1'), content]));

function fail(message) {
  process.stderr.write(`Error: ${message}\n`);
  process.exit(1);
}
