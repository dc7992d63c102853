import { expect, test } from '@jest/globals';
import { withoutServer, withServer } from '../../../../daemon/src/cli/mcp/edit-server-list.ts';

const entry = { command: '/opt/hearth/hearth', args: ['mcp'] };
const place = { file: '/home/me/mcp.json', listKey: 'mcpServers' };
const edited = (text: string) => withServer({ ...place, text }, entry);

test.each(['', ' \n', '{}', '{ "mcpServers": {} }'])('%j gets the entry', (text) => {
  expect(JSON.parse(edited(text))).toEqual({ mcpServers: { hearth: entry } });
});

const mine = `{
\t// my servers
\t"theme": "dark", /* or light */
\t"mcpServers": {
\t\t"other": { "command": "x", "env": { "TOKEN": "secret" } }, // the last one
\t},
}
`;

test('comments, other servers and other settings stay, and what was written can be taken out again', () => {
  const text = edited(mine);
  for (const kept of ['// my servers', '"theme": "dark", /* or light */', '// the last one', '"TOKEN": "secret"']) {
    expect(text).toContain(kept);
  }
  expect(text).toContain('\n\t\t"hearth": {\n\t\t\t"command": "/opt/hearth/hearth",');
  expect(edited(text)).toBe(text);
  const removed = withoutServer({ ...place, text });
  expect(removed).not.toContain('hearth');
  expect(removed).toContain('// the last one');
  expect(withoutServer({ ...place, text: removed })).toBe(removed);
});

test('an entry that is there keeps what the user added', () => {
  const text = JSON.stringify({
    mcpServers: { hearth: { command: '/old', args: ['mcp'], env: { A: '1' }, disabled: true } },
  });
  expect(JSON.parse(edited(text))).toEqual({ mcpServers: { hearth: { ...entry, env: { A: '1' }, disabled: true } } });
});

test.each([
  ['{ "mcpServers": ', 'Expected JSON in /home/me/mcp.json, got something else at line 1.'],
  ['{\n  "a": 1\n  "b": 2\n}', 'Expected JSON in /home/me/mcp.json, got something else at line 3.'],
  ['[]', 'Expected a JSON object in /home/me/mcp.json, got another value.'],
  ['{ "mcpServers": [] }', 'Expected `mcpServers` in /home/me/mcp.json to be an object, got another value.'],
])('%j is left alone', (text, message) => {
  expect(() => edited(text)).toThrow(expect.objectContaining({ code: 'OUTPUT_NOT_WRITABLE', message }));
});

test.each([33, 50_000])('a list of %i levels is left alone, and told as what it is', (levels) => {
  const text = `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;
  const message = 'Expected JSON of at most 32 levels in /home/me/mcp.json, got more.';
  const refused = expect.objectContaining({ code: 'OUTPUT_NOT_WRITABLE', message });
  expect(() => edited(text)).toThrow(refused);
  expect(() => withoutServer({ ...place, text })).toThrow(refused);
});
