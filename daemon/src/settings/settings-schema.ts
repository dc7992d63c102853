import Type, { type Static } from 'typebox';
import { defaultModelName } from './default-model.ts';

/** 0 to 65535. */
const port = String.raw`(\d{1,4}|[1-5]\d{4}|6[0-4]\d{3}|65[0-4]\d{2}|655[0-2]\d|6553[0-5])`;

/** As browsers write it, without a path; a host may be `*` where an application makes up its hosts. */
const origin = String.raw`^(https?://[^\s/*]+|(?!https?:)[a-z][a-z0-9+.-]*://(\*|[^\s/*]+))$`;

/** Every setting with its default and description; also the file's keys, and `HEARTH_…` variables in upper case. */
export const SettingsSchema = Type.Object(
  {
    model: Type.String({
      minLength: 1,
      default: defaultModelName(),
      description:
        'Model to keep warm: a name, the absolute path of a folder, or a Hub repository, which is then downloaded.',
    }),
    draftModel: Type.String({
      default: '',
      description:
        'A smaller model that guesses what `model` says, which then checks several words in one step: a downloaded model’s name or the absolute path of a folder. The text stays the same. Empty means none.',
    }),
    threads: Type.Integer({ minimum: 0, maximum: 256, default: 0, description: 'CPU threads; 0 means one per core.' }),
    preset: Type.Union(
      [Type.Literal('auto'), Type.Literal('lowMemory'), Type.Literal('balanced'), Type.Literal('maxSpeed')],
      {
        default: 'auto',
        description:
          'Windows decoded together: `lowMemory` 1, `balanced` 12, `maxSpeed` 24; `auto` is 1 on a CPU and depends on the model size on a GPU.',
      },
    ),
    arithmetic: Type.Union([Type.Literal('exact'), Type.Literal('int8')], {
      default: 'exact',
      description:
        'How a CPU multiplies: `exact` in float32, like openai/whisper; `int8` in 8 bits for large products, which is faster and slightly less accurate.',
    }),
    translateModel: Type.String({
      default: '',
      description:
        'Model for translations if the one of a job does not translate, such as `whisper-base-4bit`; empty refuses them.',
    }),
    maxUploadBytes: Type.Integer({
      minimum: 1,
      default: 4 * 1024 ** 3,
      description: 'Largest recording the daemon accepts.',
    }),
    minFreeDiskBytes: Type.Integer({
      minimum: 0,
      default: 512 * 1024 ** 2,
      description:
        'Free disk space that uploads and conversions must leave. Uploads from the network, and those of detached and bulk jobs, leave half as much more.',
    }),
    maxQueuedJobs: Type.Integer({ minimum: 1, default: 200, description: 'Most jobs that can wait in the queue.' }),
    maxQueuedJobsPerClient: Type.Integer({
      minimum: 1,
      default: 150,
      description: 'Most jobs of one client that can wait in the queue.',
    }),
    maxFinishedJobs: Type.Integer({
      minimum: 0,
      maximum: 1_000_000_000,
      default: 100,
      description:
        'How many finished jobs the daemon remembers; fewer where their texts take more than 128 MB of memory.',
    }),
    // Longer ones are too long for Node's timers, which would end at once.
    uploadIdleSeconds: Type.Integer({
      minimum: 1,
      maximum: 2_000_000,
      default: 120,
      description: 'An upload that sends nothing for this long is cancelled.',
    }),
    drainSeconds: Type.Integer({
      minimum: 0,
      maximum: 2_000_000,
      // Together with the engine's end, this stays within the 20 s that launchd allows.
      default: 12,
      description: 'How long a stopping daemon waits for running jobs.',
    }),
    keepAliveMinutes: Type.Number({
      minimum: -1,
      maximum: 35_000,
      default: -1,
      description:
        'How long an idle model stays in memory; 0 unloads at once, -1 only when another one needs the memory.',
    }),
    keep: Type.Array(Type.String({ minLength: 1 }), {
      default: [],
      description:
        'Models that are loaded at the start and stay in memory, whatever else is used, such as the one for dictation: names, or absolute paths of folders.',
    }),
    memoryBudgetBytes: Type.Integer({
      minimum: 0,
      default: 0,
      description:
        'Memory that the engine may take with all its models. 0: models that nobody uses stay while all together need at most half of the memory of the GPU, or of the machine without one.',
    }),
    unloadUnderMemoryPressure: Type.Boolean({
      default: true,
      description: 'Unload idle models when the system runs out of memory, except those of `keep`.',
    }),
    hubEndpoint: Type.String({
      pattern: '^https?://[^/\\s]+(/[^/\\s]+)*$',
      default: 'https://huggingface.co',
      description: 'Server that models are downloaded from: the Hub, or a mirror of it.',
    }),
    network: Type.Union([Type.Literal('on'), Type.Literal('off')], {
      default: 'on',
      description: '`off`: Hearth downloads nothing and listens on no TCP address.',
    }),
    proxy: Type.String({
      pattern: String.raw`^$|^(https?|socks5)://[^/\s]+/?$`,
      default: '',
      description: 'Proxy for downloads, such as `http://proxy:3128`; empty: `HTTPS_PROXY` and `NO_PROXY` count.',
    }),
    certificates: Type.String({
      pattern: '^$|^/',
      default: '',
      description: 'Path of a PEM file with authorities to trust beside those of the system.',
    }),
    historyDays: Type.Integer({
      minimum: 0,
      maximum: 36_500,
      default: 365,
      description: 'How many days the history keeps transcripts; 0 means forever.',
    }),
    historyEntries: Type.Integer({
      minimum: 0,
      // SQLite's numbers end.
      maximum: 1_000_000_000,
      default: 10_000,
      description: 'Most transcripts the history keeps; 0 turns the history off.',
    }),
    listen: Type.String({
      pattern: String.raw`^$|^(\[[0-9a-fA-F:]+\]|[\w.-]+):${port}$`,
      default: '',
      description: 'TCP address to listen on besides the socket, such as `127.0.0.1:8377`; needs `token`.',
    }),
    token: Type.String({
      default: '',
      description: 'What TCP requests must send as `Authorization: Bearer`; at least 32 characters.',
    }),
    allowedOrigins: Type.Array(Type.String({ pattern: origin }), {
      default: [],
      description: 'Origins of web pages and plug-ins whose requests are answered, such as `app://obsidian.md`.',
    }),
    mcp: Type.Boolean({ default: false, description: 'Answer MCP clients over HTTP, at `/mcp`.' }),
    mcpFolders: Type.Array(Type.String({ pattern: '^(/|~/)' }), {
      default: [],
      description: 'Folders whose recordings MCP clients may have transcribed, with everything below them.',
    }),
    nodeIpc: Type.Boolean({
      default: false,
      description: 'Also listen on `hearth.node-ipc.sock` for programs that use node-ipc.',
    }),
    logLevel: Type.Union([Type.Literal('error'), Type.Literal('warn'), Type.Literal('info'), Type.Literal('debug')], {
      default: 'info',
      description: 'What the log contains: `error`, `warn`, `info` or `debug`.',
    }),
  },
  { additionalProperties: false },
);

export type Settings = Static<typeof SettingsSchema>;
