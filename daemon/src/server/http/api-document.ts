import { isDeepStrictEqual } from 'node:util';

interface ApiDocument {
  readonly components?: { readonly schemas?: Readonly<Record<string, unknown>> };
  readonly paths?: unknown;
}

/** The parts of the API document that do not come from routes. */
export function describeApi(version: string) {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Hearth',
      version,
      description: 'Speech to text that is always warm.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [
      { url: 'http://localhost', description: 'Over the Unix socket of the home, where nobody needs a token.' },
      {
        url: 'http://{address}',
        description: 'Over TCP, where the setting `listen` names an address.',
        variables: { address: { default: '127.0.0.1:8377' } },
      },
    ],
    tags: [
      { name: 'Transcriptions', description: 'Transcribe recordings.' },
      { name: 'Jobs', description: 'Transcriptions that wait, run or have ended.' },
      { name: 'History', description: 'Past transcripts.' },
      { name: 'Words', description: 'What people say and what is written for it.' },
      { name: 'Models', description: 'Models on disk and in memory.' },
      { name: 'Watched folders', description: 'Folders whose new recordings are transcribed.' },
      { name: 'OpenAI', description: "OpenAI's API." },
      { name: 'Daemon', description: 'Health, memory and metrics.' },
    ],
    components: {
      securitySchemes: {
        token: {
          type: 'http' as const,
          scheme: 'bearer',
          description: 'The setting `token`, for requests over TCP.',
        },
      },
    },
    security: [{ token: [] }, {}],
  };
}

/**
 * Moves each schema with a title to the shared schemas and refers to it, so that generators make one type of it.
 * Schemas with the same title must be identical.
 */
export function shareSchemas<Document extends ApiDocument>(document: Document) {
  const schemas: Record<string, unknown> = {};

  function share(node: unknown): unknown {
    if (Array.isArray(node)) return node.map(share);
    if (typeof node !== 'object' || node === null) return node;
    const shared = Object.fromEntries(Object.entries(node).map(([key, value]) => [key, share(value)]));
    const { title } = shared;
    if (typeof title !== 'string') return shared;
    if (title in schemas && !isDeepStrictEqual(schemas[title], shared)) {
      throw new Error(`Two schemas are called ${title}.`);
    }
    schemas[title] = shared;
    return { $ref: `#/components/schemas/${title}` };
  }

  const paths = share(document.paths);
  const sorted = Object.fromEntries(Object.entries(schemas).sort(([a], [b]) => (a < b ? -1 : 1)));
  return { ...document, components: { ...document.components, schemas: sorted }, paths };
}
