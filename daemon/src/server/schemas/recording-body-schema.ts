import type { Readable } from 'node:stream';
import Type, { type Static } from 'typebox';

const PathSchema = Type.Object(
  {
    path: Type.String({ minLength: 1, description: 'Absolute path of a recording that the daemon may read.' }),
  },
  { title: 'RecordingPath', additionalProperties: false },
);

/** A recording as the body of a request: where it is, or its bytes. */
export const recordingContent = {
  'application/json': { schema: PathSchema },
  'application/octet-stream': {
    schema: Type.Unknown({ description: 'The bytes of a recording; any other media type will do as well.' }),
  },
};

/** What comes of it; Fastify's types know no schemas by media type. */
export type RecordingBody = Static<typeof PathSchema> | Readable | undefined;
