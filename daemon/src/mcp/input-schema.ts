import { fromJsonSchema, type JsonSchemaType, type StandardSchemaWithJSON } from '@modelcontextprotocol/server';
import type { Static, TObject } from 'typebox';

/** A schema of ours as the SDK takes it: it is sent to clients as it is, and what they send is checked with it. */
export function inputSchema<Schema extends TObject>(
  schema: Schema,
): StandardSchemaWithJSON<Static<Schema>, Static<Schema>> {
  // A TypeBox schema is a JSON schema; only the types of optional keys differ.
  return fromJsonSchema<Static<Schema>>(schema as unknown as JsonSchemaType);
}
