import { readFileSync } from 'node:fs';

/** What a request of an operation may carry, as the API document says it. */
export interface ApiOperation {
  readonly method: string;
  /** With `{id}` in the place of an id. */
  readonly path: string;
  readonly query: readonly Property[];
  /** Fields of its JSON or its form. */
  readonly fields: readonly Property[];
  readonly body: 'none' | 'json' | 'form' | 'recording';
}

export interface Property {
  readonly name: string;
  readonly schema: Schema;
}

export interface Schema {
  readonly type?: string;
  readonly enum?: readonly (string | number | boolean)[];
  readonly const?: string;
  readonly anyOf?: readonly Schema[];
  readonly items?: Schema;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly $ref?: string;
}

interface Operation {
  readonly parameters?: readonly { readonly in: string; readonly name: string; readonly schema: Schema }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> };
}

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

/** Every operation of `docs/openapi.json`. */
export function readApiOperations(): readonly ApiOperation[] {
  const file = new URL('../../../../docs/openapi.json', import.meta.url);
  const { paths, components } = JSON.parse(readFileSync(file, 'utf8')) as Document;
  return Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, { parameters = [], requestBody }]) => {
      const content = requestBody?.content ?? {};
      const form = content['multipart/form-data'];
      const json = content['application/json'];
      const schema = resolve((form ?? json)?.schema ?? {}, components.schemas);
      return {
        method: method.toUpperCase(),
        path,
        query: parameters.filter((parameter) => parameter.in === 'query'),
        fields: Object.entries(schema.properties ?? {}).map(([name, each]) => ({ name, schema: each })),
        body: bodyOf(Object.keys(content)),
      };
    }),
  );
}

function bodyOf(types: readonly string[]): ApiOperation['body'] {
  if (types.includes('multipart/form-data')) return 'form';
  if (types.includes('application/octet-stream')) return 'recording';
  return types.length > 0 ? 'json' : 'none';
}

function resolve(schema: Schema, schemas: Document['components']['schemas']): Schema {
  return schemas[schema.$ref?.split('/').at(-1) ?? ''] ?? schema;
}
