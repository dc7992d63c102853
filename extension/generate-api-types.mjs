import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import openapiTypescript, { astToString } from "openapi-typescript";
import { format } from "prettier";

// Writes the types of the daemon's answers from its API document; with a path as argument, to that file.
const documentPath = new URL("../docs/openapi.json", import.meta.url);
const typesPath = process.argv[2] ?? fileURLToPath(new URL("src/daemon/api.d.ts", import.meta.url));

/** What the extension reads and writes; what these refer to comes with them. */
const names = new Set([
  "ErrorAnswer",
  "Health",
  "HistoryPage",
  "Job",
  "JobEvent",
  "JobList",
  "ModelList",
  "PullEvent",
  "Residency",
  "TranscriptionOptions",
  "WordList",
]);

const { openapi, info, components } = JSON.parse(await readFile(documentPath, "utf8"));
for (const name of names) {
  const references = JSON.stringify(components.schemas[name]).matchAll(/#\/components\/schemas\/(\w+)/g);
  for (const [, other] of references) names.add(other);
}
const schemas = Object.fromEntries([...names].sort().map((name) => [name, components.schemas[name]]));
const types = astToString(
  await openapiTypescript(
    { openapi, info, paths: {}, components: { schemas } },
    { rootTypes: true, rootTypesNoSchemaPrefix: true, defaultNonNullable: false },
  ),
);
const source = `// Generated from docs/openapi.json by \`npm run types\`.\n\n${types.slice(types.indexOf("export interface components"))}`;
await writeFile(typesPath, await format(source, { printWidth: 120, parser: "typescript" }));
