/** Every error code of Hearth, with its HTTP status and a hint that is used if the failing code gives none. */
export const errorCodes = {
  ADDRESS_UNREADABLE: {
    status: 502,
    meaning: 'The command line could not download the recording at an address.',
    hint: 'Check the address, or download the recording and name its file.',
  },
  AUDIO_CORRUPT: {
    status: 422,
    meaning: 'The recording is damaged or incomplete, and no sound in it can be read.',
    hint: 'Check that the file plays in another program, or export it again.',
  },
  AUDIO_EMPTY: {
    status: 422,
    meaning: 'The recording has no bytes, no audio track or no sound.',
    hint: 'Send a recording that contains sound.',
  },
  AUDIO_NEEDS_CONVERSION: {
    status: 415,
    meaning: 'The engine cannot read this format without a converter.',
    hint: 'Install ffmpeg, or convert the recording to wav, flac, mp3 or ogg.',
  },
  AUDIO_TOO_LARGE: {
    status: 413,
    meaning: 'The recording is larger than `maxUploadBytes`, or longer than 24 hours.',
    hint: 'Send a shorter or compressed recording, or raise `maxUploadBytes` in the settings.',
  },
  AUDIO_UNSUPPORTED: {
    status: 415,
    meaning: 'The file is not audio that Hearth can read.',
    hint: 'Convert it to wav, flac, mp3, ogg or m4a.',
  },
  BODY_INCOMPLETE: {
    status: 400,
    meaning: 'The connection ended, or nothing more came, before the whole recording had arrived.',
    hint: 'Send the whole recording again.',
  },
  CANCELLED: {
    status: 499,
    meaning: 'The job was cancelled, or its connection ended.',
    hint: 'Send the recording again if you still need it.',
  },
  CERTIFICATE_UNTRUSTED: {
    status: 502,
    meaning: 'The model hub, or what answers in its place, shows a certificate that is not trusted.',
    hint: "Name your company's authority in the setting `certificates`, or log in to this network in a browser.",
  },
  CLIPBOARD_UNAVAILABLE: {
    status: 500,
    meaning: 'The text cannot be copied to the clipboard.',
    hint: 'Leave out `--copy` to have the text printed; on Linux, install wl-copy or xclip.',
  },
  CONNECTION_LOST: {
    status: 503,
    meaning: 'The daemon stopped or crashed while a command was waiting for it.',
    hint: 'Run the command again; `hearth logs` shows what happened.',
  },
  CONVERTER_FAILED: {
    status: 422,
    meaning: 'The converter was killed or crashed, or did not get on with the recording.',
    hint: 'Try again, or convert the recording to wav, flac, mp3 or ogg.',
  },
  CONVERTER_MISSING: {
    status: 415,
    meaning: 'The format needs ffmpeg or afconvert, and neither could be used.',
    hint: 'Install ffmpeg, or convert the recording to wav, flac, mp3 or ogg.',
  },
  DAEMON_FAILED_TO_START: {
    status: 503,
    meaning: 'A command could not start the daemon.',
    hint: 'See the log file that `hearth status` names.',
  },
  DAEMON_NOT_ANSWERING: {
    status: 503,
    meaning: 'A daemon is running, but it does not answer.',
    hint: 'Run `hearth doctor` to see which process it is.',
  },
  DAEMON_UNREACHABLE: {
    status: 503,
    meaning: 'No daemon is running, or you may not connect to it.',
    hint: 'Start it with `hearth start`.',
  },
  DISK_FULL: {
    status: 507,
    meaning: 'There is not enough free disk space.',
    hint: 'Free some disk space and try again.',
  },
  DOWNLOAD_CORRUPT: {
    status: 502,
    meaning: 'A downloaded file does not match its hash.',
    hint: 'Pull the model again.',
  },
  DOWNLOADER_MISSING: {
    status: 501,
    meaning: 'An address was named as a recording, and yt-dlp is not installed.',
    hint: 'Install yt-dlp, or download the recording and name its file.',
  },
  DRAFT_MODEL_MISMATCH: {
    status: 422,
    meaning: 'The draft model has another vocabulary or other mel bins than the model it guesses for.',
    hint: 'Change the setting `draftModel` to a smaller model of the same kind, or leave it empty.',
  },
  ENGINE_BUSY: {
    status: 409,
    meaning: 'The model cannot be unloaded while jobs use it.',
    hint: 'Wait for the running jobs, or cancel them.',
  },
  ENGINE_CRASHED: {
    status: 500,
    meaning: 'The engine crashed twice while it ran this job alone.',
    hint: 'Send the recording again; the engine has been restarted.',
  },
  ENGINE_NOT_BUILT: {
    status: 503,
    meaning: "The engine's addon is missing or cannot be loaded.",
    hint: 'Run `npm run setup`.',
  },
  ENGINE_STALLED: {
    status: 503,
    meaning: 'Jobs are running or waiting, and nothing moves.',
    hint: 'Hearth restarts the engine if this goes on; no job is lost.',
  },
  ENGINE_UNAVAILABLE: {
    status: 503,
    meaning: 'The engine cannot run at the moment.',
    hint: 'See `GET /v1/health` for the reason. Hearth keeps trying to restart the engine.',
  },
  FILE_IS_DIRECTORY: {
    status: 400,
    meaning: 'The path is a folder.',
    hint: 'Name a file, not a folder.',
  },
  FILE_NOT_FOUND: {
    status: 404,
    meaning: 'There is no file at this path.',
    hint: 'Check the path.',
  },
  FILE_NOT_PERMITTED: {
    status: 403,
    meaning: 'The daemon may not read this file.',
    hint: 'Send the bytes of the file instead of its path.',
  },
  FOLDER_NOT_ALLOWED: {
    status: 403,
    meaning: 'An MCP client named a file outside the folders of `mcpFolders`.',
    hint: 'Add its folder to `mcpFolders` in the settings.',
  },
  HISTORY_ENTRY_NOT_FOUND: {
    status: 404,
    meaning: 'The history has no transcript with this id.',
    hint: 'Search the history to see what it contains.',
  },
  HOME_BUSY: {
    status: 503,
    meaning: "Another program, such as a backup, has locked a file in Hearth's home.",
    hint: 'Try again when the other program is done.',
  },
  HOME_DAMAGED: {
    status: 500,
    meaning: "A file in Hearth's home is damaged.",
    hint: 'Run `hearth restart`: Hearth recovers what can be read.',
  },
  HOME_IN_USE: {
    status: 503,
    meaning: 'Another process uses this home and does not answer.',
    hint: 'Run `hearth doctor` to see which process it is.',
  },
  HOME_NOT_WRITABLE: {
    status: 500,
    meaning: 'Hearth cannot write to its home.',
    hint: 'Make the folder writable, or set HEARTH_HOME to another one.',
  },
  HOME_TOO_NEW: {
    status: 500,
    meaning: 'A newer version of Hearth wrote this home.',
    hint: 'Update Hearth, or set HEARTH_HOME to another folder.',
  },
  HUB_INVALID: {
    status: 502,
    meaning: 'What answers in the place of the model hub is none, or has a fault.',
    hint: 'Check the setting `hubEndpoint`, or pull again later.',
  },
  HUB_UNREACHABLE: {
    status: 502,
    meaning: 'The model hub does not answer.',
    hint: 'Check the network and pull again; the download resumes where it stopped.',
  },
  INTERNAL: {
    status: 500,
    meaning: 'Something in Hearth failed that should not have.',
    hint: 'This is a bug in Hearth. Please report it with the log.',
  },
  JOB_CANCELLED: {
    status: 409,
    meaning: 'The job that a command was waiting for was cancelled.',
    hint: 'Send the recording again if you still need it.',
  },
  JOB_NOT_FOUND: {
    status: 404,
    meaning: 'There is no job with this id, or it has been forgotten.',
    hint: 'List the jobs to see which are known.',
  },
  MACOS_REQUIRED: {
    status: 501,
    meaning: 'The command needs a program that only macOS has.',
    hint: 'Run it on a Mac.',
  },
  METHOD_NOT_ALLOWED: {
    status: 405,
    meaning: 'The route does not support this method.',
    hint: 'See the API document for the methods of each route.',
  },
  MEMORY_IN_USE: {
    status: 503,
    meaning: 'The model has no room beside the models that jobs use and those that the setting `keep` holds.',
    hint: 'Wait for the running jobs, take a model out of `keep`, or raise `memoryBudgetBytes`.',
  },
  MODEL_BUSY: {
    status: 409,
    meaning: 'The model is in use or already being downloaded.',
    hint: 'Try again when the model is no longer in use.',
  },
  MODEL_INVALID: {
    status: 422,
    meaning: 'The folder is not a Whisper model that Hearth can load.',
    hint: 'Use the folder of a Whisper model: config.json beside its weights.',
  },
  MODEL_NOT_FOUND: {
    status: 404,
    meaning: 'There is no model with this name.',
    hint: 'Use one of the models that the message lists.',
  },
  MODEL_TOO_LARGE: {
    status: 422,
    meaning: 'The model needs more memory than this machine has.',
    hint: 'Choose a smaller model, or one with fewer bits: `hearth models recommend` names some.',
  },
  MODEL_UNABLE: {
    status: 422,
    meaning: 'The model cannot do what is asked: translate, or write a language.',
    hint: 'Use another model; `hearth models list --available` shows what each can do.',
  },
  NETWORK_LOGIN_NEEDED: {
    status: 502,
    meaning: 'A web page answers in place of the model hub, as in the network of a hotel.',
    hint: 'Log in to this network in a browser, and pull again.',
  },
  NETWORK_OFF: {
    status: 409,
    meaning: 'The setting `network` is off.',
    hint: 'Set `network` to on, or bring the model by hand: `hearth models pull --offline-file`.',
  },
  OPTION_INVALID: {
    status: 400,
    meaning: 'An option does not exist, or its value is not allowed.',
    hint: 'See `hearth transcribe --help` for the options.',
  },
  OUTPUT_NOT_WRITABLE: {
    status: 400,
    meaning: 'The output file cannot be written.',
    hint: 'Name another place with `--output`.',
  },
  OUT_OF_MEMORY: {
    status: 503,
    meaning: 'The job needs more memory than there is.',
    hint: 'Close other programs, choose a smaller model, or set `preset` to `lowMemory`.',
  },
  PLACE_GUARDED: {
    status: 500,
    meaning: 'macOS does not let services, Shortcuts or Finder run programs in this folder.',
    hint: 'Move it elsewhere, for example to `~/hearth`, and run this again from there.',
  },
  PROXY_FAILED: {
    status: 502,
    meaning: 'The proxy does not answer, or refuses to connect to the model hub.',
    hint: 'Check the setting `proxy`, or HTTPS_PROXY and NO_PROXY.',
  },
  QUEUE_FULL: {
    status: 503,
    meaning: 'Too many jobs are waiting.',
    hint: 'Try again when the queue is shorter.',
  },
  RECORDER_FAILED: {
    status: 500,
    meaning: 'The program that records the microphone ended by itself, or gave no sound.',
    hint: 'Check that a microphone is connected and that this program may use it.',
  },
  RECORDER_NOT_FOUND: {
    status: 500,
    meaning: 'No program that records the microphone was found.',
    hint: 'Install sox or ffmpeg; on Linux also parec or arecord.',
  },
  RECORDER_OVERFLOW: {
    status: 500,
    meaning: 'Part of a recording is lost, because nobody took the sound for more than a minute.',
    hint: 'Say it again. Do not suspend the command while you speak.',
  },
  RECORDER_SILENT: {
    status: 500,
    meaning: 'The microphone gives nothing but silence, as macOS has it for programs that may not use the microphone.',
    hint: 'Allow your terminal in System Settings > Privacy & Security > Microphone, and check that the microphone is not muted.',
  },
  REQUEST_INVALID: {
    status: 400,
    meaning: 'The request is not valid HTTP, or its body is not what the route expects.',
    hint: 'See the API document.',
  },
  REQUEST_REFUSED: {
    status: 403,
    meaning: 'The request comes from a web page, names a foreign host, or names a path over TCP.',
    hint: 'Hearth answers programs on this machine, and web pages of the origins in `allowedOrigins`.',
  },
  ROUTE_NOT_FOUND: {
    status: 404,
    meaning: 'There is no such route.',
    hint: 'See the API document for the routes.',
  },
  SERVICE_FAILED: {
    status: 500,
    meaning: 'launchd or systemd could not run the service.',
    hint: 'See `hearth status`.',
  },
  SERVICE_UNAVAILABLE: {
    status: 503,
    meaning: 'This login has neither launchd nor systemd.',
    hint: 'Run `hearth serve`, or let the first command start the daemon.',
  },
  SETTINGS_INVALID: {
    status: 500,
    meaning: 'A setting is unknown or has a wrong value.',
    hint: 'Correct the settings file or the environment variable.',
  },
  SHORTCUT_NOT_SIGNED: {
    status: 500,
    meaning: 'macOS could not sign a shortcut.',
    hint: 'Open the Shortcuts app once, then run this again.',
  },
  SHUTTING_DOWN: {
    status: 503,
    meaning: 'The daemon is stopping.',
    hint: 'Try again in a moment.',
  },
  SOCKET_PATH_TOO_LONG: {
    status: 500,
    meaning: 'The path of the socket is longer than macOS can address.',
    hint: 'Set HEARTH_HOME to a shorter path.',
  },
  TOKEN_INVALID: {
    status: 401,
    meaning: 'The request over TCP has no token or a wrong one.',
    hint: 'Send the `token` from the settings of this Hearth.',
  },
  WORDS_INVALID: {
    status: 409,
    meaning: 'The list of words cannot be changed, because its file is broken or would become too long.',
    hint: 'Correct `words.json` in the home of Hearth, or delete it.',
  },
  WORD_NOT_FOUND: {
    status: 404,
    meaning: 'The list of words has no such entry.',
    hint: 'See `hearth words` for the entries.',
  },
  WATCH_NOT_FOUND: {
    status: 404,
    meaning: 'No watched folder has this id.',
    hint: 'List the watched folders to see which there are.',
  },
} as const satisfies Record<string, { readonly status: number; readonly meaning: string; readonly hint: string }>;

export type ErrorCode = keyof typeof errorCodes;
