import Type, { type Static } from 'typebox';
import { defaultModelName } from './default-model.ts';

/** 0 to 65535. */
const port = String.raw`(\d{1,4}|[1-5]\d{4}|6[0-4]\d{3}|65[0-4]\d{2}|655[0-2]\d|6553[0-5])`;

/** Every setting, its default and what it is for; the file's keys, and `HEARTH_…` variables in upper case. */
export const SettingsSchema = Type.Object(
  {
    model: Type.String({
      minLength: 1,
      default: defaultModelName(),
      description: 'Model that is kept warm: a name, the absolute path of a folder, or a repository of the Hub.',
    }),
    threads: Type.Integer({ minimum: 0, maximum: 256, default: 0, description: 'CPU threads; 0 for one per core.' }),
    preset: Type.Union(
      [Type.Literal('auto'), Type.Literal('lowMemory'), Type.Literal('balanced'), Type.Literal('maxSpeed')],
      {
        default: 'auto',
        description:
          'Windows decoded together: `lowMemory` 1, `balanced` 12, `maxSpeed` 24; `auto` 1 on a CPU and by model size on a GPU.',
      },
    ),
    arithmetic: Type.Union([Type.Literal('exact'), Type.Literal('int8')], {
      default: 'exact',
      description:
        'How a CPU multiplies: `exact` in float32, as openai/whisper; `int8` in 8 bits where there are many rows, which is faster and a little off.',
    }),
    maxUploadBytes: Type.Integer({
      minimum: 1,
      default: 4 * 1024 ** 3,
      description: 'Largest recording that is accepted.',
    }),
    minFreeDiskBytes: Type.Integer({
      minimum: 0,
      default: 512 * 1024 ** 2,
      description: 'Free disk space that an upload and a conversion must leave.',
    }),
    maxQueuedJobs: Type.Integer({ minimum: 1, default: 200, description: 'Jobs that may wait at a time.' }),
    maxQueuedJobsPerClient: Type.Integer({
      minimum: 1,
      default: 150,
      description: 'Jobs of one client that may wait at a time.',
    }),
    maxFinishedJobs: Type.Integer({
      minimum: 0,
      default: 100,
      description: 'Finished jobs that can still be looked at.',
    }),
    uploadIdleSeconds: Type.Integer({
      minimum: 1,
      default: 120,
      description: 'An upload that brings nothing for so long is given up.',
    }),
    drainSeconds: Type.Integer({
      minimum: 0,
      // With the end of the engine within the 20 s that launchd gives.
      default: 12,
      description: 'How long a stopping daemon lets the running job go on.',
    }),
    keepAliveMinutes: Type.Number({
      minimum: -1,
      maximum: 35_000,
      default: -1,
      description: 'How long an idle model stays in memory; 0 for no time, -1 for ever.',
    }),
    unloadUnderMemoryPressure: Type.Boolean({
      default: true,
      description: 'Let go of an idle model when the system runs out of memory.',
    }),
    hubEndpoint: Type.String({
      pattern: '^https?://[^/\\s]+$',
      default: 'https://huggingface.co',
      description: 'Where models are pulled from.',
    }),
    historyDays: Type.Integer({
      minimum: 0,
      maximum: 36_500,
      default: 365,
      description: 'How long transcripts are kept in the history; 0 for ever.',
    }),
    historyEntries: Type.Integer({
      minimum: 0,
      default: 10_000,
      description: 'Transcripts that are kept in the history; 0 for none.',
    }),
    listen: Type.String({
      pattern: String.raw`^$|^(\[[0-9a-fA-F:]+\]|[\w.-]+):${port}$`,
      default: '',
      description: 'TCP address that is answered beside the socket, such as 127.0.0.1:8377; needs `token`.',
    }),
    token: Type.String({ default: '', description: 'What requests over TCP must carry; 32 characters or more.' }),
    logLevel: Type.Union([Type.Literal('error'), Type.Literal('warn'), Type.Literal('info'), Type.Literal('debug')], {
      default: 'info',
      description: 'What the log holds.',
    }),
  },
  { additionalProperties: false },
);

export type Settings = Static<typeof SettingsSchema>;
