import { readFile, writeFile } from 'node:fs/promises';
import { createConfig, lintFromString } from '@redocly/openapi-core';
import openapiTypescript, { astToString } from 'openapi-typescript';

// What a validator says of an API document, and the types that a generator makes of it.
const { document, types } = JSON.parse(process.argv[2]);
const source = await readFile(document, 'utf8');
const config = await createConfig({
  extends: ['recommended'],
  // The host of a socket is localhost.
  rules: { 'no-server-example.com': 'off' },
});
const problems = await lintFromString({ source, absoluteRef: document, config });
await writeFile(types, astToString(await openapiTypescript(source)));
console.log(JSON.stringify(problems.map(({ ruleId, severity, message }) => ({ ruleId, severity, message }))));
