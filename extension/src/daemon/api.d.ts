// Generated from docs/openapi.json by `npm run types`.

export interface components {
  schemas: {
    /** AnsweredError */
    AnsweredError: {
      /** @enum {string} */
      code:
        | "ADDRESS_UNREADABLE"
        | "AUDIO_CORRUPT"
        | "AUDIO_EMPTY"
        | "AUDIO_NEEDS_CONVERSION"
        | "AUDIO_TOO_LARGE"
        | "AUDIO_UNSUPPORTED"
        | "BODY_INCOMPLETE"
        | "CANCELLED"
        | "CERTIFICATE_UNTRUSTED"
        | "CLIPBOARD_UNAVAILABLE"
        | "CONNECTION_LOST"
        | "CONVERTER_FAILED"
        | "CONVERTER_MISSING"
        | "DAEMON_FAILED_TO_START"
        | "DAEMON_NOT_ANSWERING"
        | "DAEMON_UNREACHABLE"
        | "DISK_FULL"
        | "DOWNLOAD_CORRUPT"
        | "DOWNLOADER_MISSING"
        | "DRAFT_MODEL_MISMATCH"
        | "ENGINE_BUSY"
        | "ENGINE_CRASHED"
        | "ENGINE_NOT_BUILT"
        | "ENGINE_STALLED"
        | "ENGINE_UNAVAILABLE"
        | "FILE_IS_DIRECTORY"
        | "FILE_NOT_FOUND"
        | "FILE_NOT_PERMITTED"
        | "FOLDER_NOT_ALLOWED"
        | "HISTORY_ENTRY_NOT_FOUND"
        | "HOME_BUSY"
        | "HOME_DAMAGED"
        | "HOME_IN_USE"
        | "HOME_NOT_WRITABLE"
        | "HOME_TOO_NEW"
        | "HUB_INVALID"
        | "HUB_UNREACHABLE"
        | "INTERNAL"
        | "JOB_CANCELLED"
        | "JOB_NOT_FOUND"
        | "MACOS_REQUIRED"
        | "METHOD_NOT_ALLOWED"
        | "MEMORY_IN_USE"
        | "MODEL_BUSY"
        | "MODEL_INVALID"
        | "MODEL_NOT_FOUND"
        | "MODEL_TOO_LARGE"
        | "MODEL_UNABLE"
        | "NETWORK_LOGIN_NEEDED"
        | "NETWORK_OFF"
        | "OPTION_INVALID"
        | "OUTPUT_NOT_WRITABLE"
        | "OUT_OF_MEMORY"
        | "PLACE_GUARDED"
        | "PROXY_FAILED"
        | "QUEUE_FULL"
        | "RECORDER_FAILED"
        | "RECORDER_NOT_FOUND"
        | "RECORDER_OVERFLOW"
        | "RECORDER_SILENT"
        | "REQUEST_INVALID"
        | "REQUEST_REFUSED"
        | "ROUTE_NOT_FOUND"
        | "SERVICE_FAILED"
        | "SERVICE_UNAVAILABLE"
        | "SETTINGS_INVALID"
        | "SHORTCUT_NOT_SIGNED"
        | "SHUTTING_DOWN"
        | "SOCKET_PATH_TOO_LONG"
        | "TOKEN_INVALID"
        | "WORDS_INVALID"
        | "WORD_NOT_FOUND"
        | "WATCH_NOT_FOUND";
      /** @description Expected …, got …. */
      message: string;
      /** @description What to do next. */
      hint: string;
      /** @enum {string} */
      type: "invalid_request_error" | "server_error";
      /** @description The field that is wrong, on the routes of OpenAI. */
      param: string | null;
    };
    /**
     * AudioDroppedEvent
     * @description With `live`. The client cleared the sound up to this time: what was not committed of it has no text.
     */
    AudioDroppedEvent: {
      seq: number;
      jobId: string;
      /** @enum {string} */
      type: "audio-dropped";
      endSeconds: number;
    };
    /** AudioOpenedEvent */
    AudioOpenedEvent: {
      seq: number;
      jobId: string;
      /** @enum {string} */
      type: "audio-opened";
      audio: components["schemas"]["AudioSummary"];
    };
    /** AudioSummary */
    AudioSummary: {
      /** @description According to the file, where it says how long it is; the result has the true length. */
      durationSeconds: number;
      container: string;
      codec: string;
      sampleRateHz: number;
      channels: number;
    };
    /** AvailableModel */
    AvailableModel: {
      /** @description The embedded model, or a repository of the Hub. */
      name: string;
      /** @description The Whisper model that this is a copy of. */
      model: string;
      /** @enum {string} */
      weights: "4-bit" | "8-bit" | "float16" | "float32";
      /** @description The commit that Hearth pins. */
      revision: string | null;
      /** @description The hash that its weights must have; null if unknown. */
      weightsSha256: string | null;
      /** @description Weights and configuration; null if unknown. */
      downloadBytes: number | null;
      /** @description What the engine takes with it on this machine, loaded and idle. */
      idleMemoryBytes: number;
      /** @description What the engine takes with it on this machine, at most. */
      memoryBytes: number;
      /** @description Codes of the languages that it writes. */
      languages: string[];
      /** @description Whether it writes other languages in English. */
      translates: boolean;
      /** @description How many times as fast as Whisper's large model, by OpenAI's figures; null if unknown. */
      relativeSpeed: number | null;
      /** @description Published figures of the model; null if unknown. */
      accuracy: components["schemas"]["PublishedAccuracy"] | null;
      /** @description Whether it is on this machine. */
      isHere: boolean;
    };
    /** ComputationTrial */
    ComputationTrial: {
      /** @enum {string} */
      part: "encoder" | "decoder" | "logMel";
      /** @enum {string} */
      way: "quantized" | "dense" | "cpu" | "device";
      /** @description Windows of the encoder, rows of the decoder. */
      count: number;
      /** @description Of the decoder: 12 steps. */
      seconds: number;
    };
    /** DictionaryEntry */
    DictionaryEntry: {
      /** @description A name or term, written as it should be. */
      word: string;
      /** @description What is written when it is mis-heard. The word is always written for it. */
      soundsLike?: string[];
      /** @description Whisper's code of the only language it is used in. */
      language?: string;
    };
    /** EngineHealth */
    EngineHealth: {
      /** @enum {string} */
      status: "starting" | "loading" | "ready" | "restarting" | "failed" | "unloaded" | "stopped";
      /** @description How much of loading and warm-up is done, 0 to 1. */
      loadingProgress: number | null;
      model: string | null;
      restarts: number;
      lastError: components["schemas"]["WireError"] | null;
    };
    /** EngineMemory */
    EngineMemory: {
      residentBytes: number;
      /** @description Most of it so far. */
      peakResidentBytes: number;
      activeBytes: number;
      cacheBytes: number;
      peakBytes: number;
    };
    /**
     * ErrorAnswer
     * @description The request failed.
     */
    ErrorAnswer: {
      error: components["schemas"]["AnsweredError"];
    };
    /**
     * Health
     * @description The health of the daemon; `status` says whether it can transcribe.
     */
    Health: {
      /** @enum {string} */
      status: "ok" | "starting" | "degraded" | "stopping";
      version: string;
      processId: number;
      uptimeSeconds: number;
      /** @description The TCP address that the daemon also listens on; null if there is none. */
      listen: string | null;
      engine: components["schemas"]["EngineHealth"];
      jobs: {
        queued: number;
        running: number;
      };
      /** @description Why the status is `degraded`, and what to do about each problem. */
      problems: components["schemas"]["WireError"][];
      /** @description What the user should know. The daemon keeps working. */
      warnings: string[];
    };
    /** HistoryEntry */
    HistoryEntry: {
      /** @description Position in the history; newer ones are higher. */
      seq: number;
      /** @description The id of its job. */
      id: string;
      /** @description Name of the recording, if the client gave one. */
      name: string | null;
      /** Format: date-time */
      createdAt: string;
      durationSeconds: number;
      language: string;
      /** @enum {string} */
      task: "transcribe" | "translate";
      model: string;
      /** @description The first words, or those around the first match. */
      excerpt: string;
    };
    /**
     * HistoryPage
     * @description Transcripts, newest first.
     */
    HistoryPage: {
      entries: components["schemas"]["HistoryEntry"][];
      /** @description `before` of the next page; null on the last one. */
      nextBefore: number | null;
      /** @description Number of transcripts in the history, not only of those found. */
      total: number;
    };
    /**
     * Job
     * @description The job.
     */
    Job: {
      id: string;
      /** @description Name of the recording, if known. */
      name: string | null;
      /** @enum {string} */
      state: "queued" | "running" | "done" | "failed" | "cancelled";
      /** @enum {string} */
      priority: "interactive" | "bulk";
      /** @description Jobs ahead of it in the queue; null once it runs. */
      queuePosition: number | null;
      /** Format: date-time */
      createdAt: string;
      startedAt: string | null;
      endedAt: string | null;
      durationSeconds: number | null;
      processedSeconds: number;
      /** @description What has come of a live session, where its client may go on; null for other jobs. */
      receivedBytes: number | null;
      error: components["schemas"]["WireError"] | null;
      /** @description What the owner should know even if the job ended well. */
      warnings: string[];
      result: components["schemas"]["Transcript"] | null;
    };
    /** JobCancelledEvent */
    JobCancelledEvent: {
      seq: number;
      jobId: string;
      /** @enum {string} */
      type: "job-cancelled";
    };
    /** JobDoneEvent */
    JobDoneEvent: {
      seq: number;
      jobId: string;
      /** @enum {string} */
      type: "job-done";
      result: components["schemas"]["Transcript"];
    };
    /**
     * JobEvent
     * @description One event per line; the last is `job-done`, `job-failed` or `job-cancelled`.
     */
    JobEvent:
      | components["schemas"]["JobQueuedEvent"]
      | components["schemas"]["JobStartedEvent"]
      | components["schemas"]["ModelLoadingEvent"]
      | components["schemas"]["ModelReadyEvent"]
      | components["schemas"]["AudioOpenedEvent"]
      | components["schemas"]["LanguageDetectedEvent"]
      | components["schemas"]["TextPartialEvent"]
      | components["schemas"]["SegmentsDecodedEvent"]
      | components["schemas"]["SpeechStartedEvent"]
      | components["schemas"]["SpeechStoppedEvent"]
      | components["schemas"]["TextTentativeEvent"]
      | components["schemas"]["TextCommittedEvent"]
      | components["schemas"]["UtteranceDoneEvent"]
      | components["schemas"]["AudioDroppedEvent"]
      | components["schemas"]["JobDoneEvent"]
      | components["schemas"]["JobFailedEvent"]
      | components["schemas"]["JobCancelledEvent"];
    /** JobFailedEvent */
    JobFailedEvent: {
      seq: number;
      jobId: string;
      /** @enum {string} */
      type: "job-failed";
      error: components["schemas"]["WireError"];
    };
    /**
     * JobList
     * @description Jobs in the order they came, without their results.
     */
    JobList: {
      jobs: components["schemas"]["JobSummary"][];
    };
    /** JobQueuedEvent */
    JobQueuedEvent: {
      seq: number;
      jobId: string;
      /** @enum {string} */
      type: "job-queued";
      /** @description Jobs ahead of it. */
      position: number;
    };
    /** JobStartedEvent */
    JobStartedEvent: {
      seq: number;
      jobId: string;
      /** @enum {string} */
      type: "job-started";
    };
    /** JobSummary */
    JobSummary: {
      id: string;
      /** @description Name of the recording, if known. */
      name: string | null;
      /** @enum {string} */
      state: "queued" | "running" | "done" | "failed" | "cancelled";
      /** @enum {string} */
      priority: "interactive" | "bulk";
      /** @description Jobs ahead of it in the queue; null once it runs. */
      queuePosition: number | null;
      /** Format: date-time */
      createdAt: string;
      startedAt: string | null;
      endedAt: string | null;
      durationSeconds: number | null;
      processedSeconds: number;
      /** @description What has come of a live session, where its client may go on; null for other jobs. */
      receivedBytes: number | null;
      error: components["schemas"]["WireError"] | null;
      /** @description What the owner should know even if the job ended well. */
      warnings: string[];
    };
    /** LanguageDetectedEvent */
    LanguageDetectedEvent: {
      seq: number;
      jobId: string;
      /** @enum {string} */
      type: "language-detected";
      language: string;
      probability: number;
    };
    /** ListedModel */
    ListedModel: {
      name: string;
      folder: string;
      /** @enum {string} */
      source: "embedded" | "hub" | "folder";
      byteCount: number;
      /** @description Whether jobs that name no model use it. */
      isDefault: boolean;
      isResident: boolean;
      /** @description Codes of the languages that it writes; null if its files do not tell. */
      languages: string[] | null;
      /** @description Whether it writes other languages in English; null if its files do not tell. */
      translates: boolean | null;
      /** @description The commit of a model from the Hub. */
      revision: string | null;
      /** @description Whether Hearth pins another commit by now. */
      isOutdated: boolean;
      /** @description What the engine takes with it on this machine, at most; null if its files do not tell. */
      neededBytes: number | null;
      /** @description Whether this machine has the memory that it needs at least; null if its files do not tell. */
      fits: boolean | null;
    };
    /**
     * ModelList
     * @description Models on disk.
     */
    ModelList: {
      models: components["schemas"]["ListedModel"][];
      /** @enum {string} */
      object: "list";
      /** @description The same list in OpenAI's format. */
      data: components["schemas"]["OpenAiModel"][];
      /** @description With `available`: models worth having. */
      available?: components["schemas"]["AvailableModel"][];
      /** @description With `available`: the best for this machine, by purpose. */
      recommended?: components["schemas"]["ModelRecommendation"][];
    };
    /**
     * ModelLoadingEvent
     * @description Progress of the model that the job waits for. Sent live only, without `seq`.
     */
    ModelLoadingEvent: {
      jobId: string;
      /** @enum {string} */
      type: "model-loading";
      model: string;
      /** @description How much of loading and warm-up is done, 0 to 1. */
      progress: number;
    };
    /** ModelReadyEvent */
    ModelReadyEvent: {
      seq: number;
      jobId: string;
      /** @enum {string} */
      type: "model-ready";
      model: string;
    };
    /** ModelRecommendation */
    ModelRecommendation: {
      /** @enum {string} */
      purpose: "everyday" | "accuracy" | "translation" | "english";
      name: string;
      /** @description Why, in a sentence. */
      reason: string;
    };
    /** OpenAiModel */
    OpenAiModel: {
      id: string;
      /** @enum {string} */
      object: "model";
      created: number;
      owned_by: string;
    };
    /** PublishedAccuracy */
    PublishedAccuracy: {
      /** @description In percent. */
      wordErrorRate: number;
      measuredOn: string;
      /** @description Where it is published. */
      source: string;
    };
    /**
     * PullEvent
     * @description One event per line; the last is `pull-done` or `pull-failed`.
     */
    PullEvent:
      | {
          /** @enum {string} */
          type: "pull-progress";
          receivedBytes: number;
          totalBytes: number;
        }
      | {
          /** @enum {string} */
          type: "pull-done";
          name: string;
          folder: string;
        }
      | {
          /** @enum {string} */
          type: "pull-failed";
          error: components["schemas"]["WireError"];
        };
    /** Replacement */
    Replacement: {
      /** @description A word or words as they are said. Capitals and the spaces between words make no difference. */
      say: string;
      /** @description What is written instead, to the letter; empty to leave the words out. */
      write: string;
    };
    /**
     * Residency
     * @description Loaded models and memory use.
     */
    Residency: {
      engine: {
        /** @enum {string} */
        status: "starting" | "loading" | "ready" | "restarting" | "failed" | "unloaded" | "stopped";
        processId: number | null;
        memory: components["schemas"]["EngineMemory"] | null;
      };
      /** @description The one used last first. */
      models: components["schemas"]["ResidentModel"][];
      /** @description What the engine may take with all models together; null until it has loaded one. */
      memoryBudgetBytes: number | null;
      server: {
        processId: number;
        residentBytes: number;
      };
    };
    /** ResidentModel */
    ResidentModel: {
      name: string;
      folder: string;
      /** @enum {string} */
      device: "cpu" | "gpu";
      /** @enum {string} */
      operations: "cpu" | "mlx";
      quantizationBits: number | null;
      /** @description Whether layers that get many rows are dense in memory, even if the file has them quantised. */
      denseEncoder: boolean;
      /** @description The decoder reads quantised layers for up to so many rows and dense ones for more; null if all do. */
      rowsReadQuantized: number | null;
      /** @description Windows encoded in one pass at most. */
      encoderBatch: number;
      logMelOnDevice: boolean;
      /** @enum {string} */
      arithmetic: "exact" | "int8";
      weightBytes: number;
      draft: {
        name: string;
        folder: string;
        weightBytes: number;
      } | null;
      /** @description Windows decoded together if a job does not say how many. */
      batchSize: number;
      /** @description What the engine was computed to take with it alone, at most. */
      neededBytes: number;
      /** @description What it was computed to hold in memory while it is idle. */
      heldBytes: number;
      /** @description Memory that the device can work in. */
      deviceMemoryBytes: number;
      /** @description Why it is computed so, in sentences. */
      choices: string[];
      /** @description What was timed to choose; empty where there is no choice. */
      trials: components["schemas"]["ComputationTrial"][];
      loadSeconds: number;
      warmUpSeconds: number;
      /** Format: date-time */
      lastUsedAt: string;
      /** @description Whether a job or a live session has it now. */
      isInUse: boolean;
      /** @description Whether the setting `keep` names it. */
      isKept: boolean;
      /** @description When it goes if nobody uses it; null if it stays until another one needs the memory. */
      expiresAt: string | null;
    };
    /** Segment */
    Segment: {
      id: number;
      /** @description Start of the window, in frames of 10 ms. */
      seek: number;
      start: number;
      end: number;
      text: string;
      /** @description With `cleanUp` or a part of it: the text as it was decoded. */
      raw?: string;
      tokens: number[];
      temperature: number;
      avg_logprob: number;
      compression_ratio: number;
      no_speech_prob: number;
      /** @description With `languagePerWindow`, and where channels or tracks are told apart. */
      language?: string;
      /** @description With `audioChannels=split` or several tracks: the name of the channel or track. */
      speaker?: string;
      /** @description With several tracks: its number, from 1. */
      track?: number;
      /** @description With `audioChannels=split`: its number, from 1. */
      channel?: number;
      words?: components["schemas"]["Word"][];
    };
    /** SegmentsDecodedEvent */
    SegmentsDecodedEvent: {
      seq: number;
      jobId: string;
      /** @enum {string} */
      type: "segments-decoded";
      segments: components["schemas"]["Segment"][];
      processedSeconds: number;
    };
    /**
     * SpeechStartedEvent
     * @description With `live`. Somebody begins to speak.
     */
    SpeechStartedEvent: {
      seq: number;
      jobId: string;
      /** @enum {string} */
      type: "speech-started";
      atSeconds: number;
    };
    /**
     * SpeechStoppedEvent
     * @description With `live`. Nobody has spoken for a while, since this time.
     */
    SpeechStoppedEvent: {
      seq: number;
      jobId: string;
      /** @enum {string} */
      type: "speech-stopped";
      atSeconds: number;
    };
    /**
     * TextCommittedEvent
     * @description With `live`. A text that never changes: what the sound between these times gives as a file.
     */
    TextCommittedEvent: {
      seq: number;
      jobId: string;
      /** @enum {string} */
      type: "text-committed";
      startSeconds: number;
      endSeconds: number;
      text: string;
    };
    /**
     * TextPartialEvent
     * @description The text so far of the window being decoded. Sent live only, without `seq`.
     */
    TextPartialEvent: {
      jobId: string;
      /** @enum {string} */
      type: "text-partial";
      startSeconds: number;
      text: string;
      speaker?: string;
    };
    /**
     * TextTentativeEvent
     * @description With `live`. What is said since the last committed text. The next event takes its place. Sent live only, without `seq`.
     */
    TextTentativeEvent: {
      jobId: string;
      /** @enum {string} */
      type: "text-tentative";
      startSeconds: number;
      text: string;
      /** @description Characters at its beginning that two looks in a row agree on. */
      agreed: number;
    };
    /**
     * Timings
     * @description Where the time of the request went, in seconds, and how often the model ran.
     */
    Timings: {
      /** @description Until the model was ready; close to 0 if it is warm. */
      model_wait: number;
      audio_decode: number;
      voice_activity: number;
      log_mel: number;
      encode: number;
      language_detection: number;
      /** @description All temperatures, prompts included. */
      decode: number;
      /** @description The part of `decode` until each call's first token. */
      decode_prompt: number;
      /** @description The part of `decode` in which the engine's thread computed. */
      decode_host: number;
      /** @description The part of `decode` in which the engine's thread waited for the device. */
      decode_device: number;
      /** @description Word times. */
      align: number;
      /** @description The rest, including the wait for other recordings. */
      other: number;
      total: number;
      /** @description Windows encoded. */
      windows: number;
      /** @description How long these windows were together: 30 s each, or less with the option `window`. */
      window_seconds?: number;
      /** @description Decoder runs in `decode`, prompts included, however many rows each has. */
      decoder_steps: number;
      /** @description Tokens chosen, including those of discarded texts. */
      tokens: number;
      /** @description Tokens that the draft model guessed. */
      draft_tokens: number;
      /** @description Guesses that were right: each saves a decoder run. */
      accepted_draft_tokens: number;
    };
    /**
     * Transcript
     * @description The transcript, with OpenAI's names; times are seconds.
     */
    Transcript: {
      text: string;
      /** @description With `cleanUp` or a part of it: the text as it was decoded. */
      raw?: string;
      segments: components["schemas"]["Segment"][];
      language: string;
      /** @description Null if the language was given; 0 if nothing was heard to detect it from. */
      language_probability: number | null;
      /** @description Of every language, likeliest first; null if the language was given. */
      language_probabilities: {
        [key: string]: number;
      } | null;
      /** @enum {string} */
      task: "transcribe" | "translate";
      duration: number;
      model: string;
      timings: components["schemas"]["Timings"];
      warnings: string[];
      /** @description Codes of the warnings that programs can act on. */
      warning_codes?: (
        | "no-speech"
        | "sound-cut-off"
        | "text-cut-off"
        | "quiet-recording"
        | "speech-without-text"
        | "initial-prompt-shortened"
        | "hotwords-shortened"
        | "option-without-effect"
      )[];
    };
    /** TranscriptionOptions */
    TranscriptionOptions: {
      /** @description Language spoken, as a code (`de`, `de-AT`, `deu`) or a name (`German`, `Deutsch`), or `auto`; default: detected. */
      language?: string;
      /**
       * @description `transcribe` writes what is said; `translate` writes it in English.
       * @default transcribe
       */
      task?: "transcribe" | "translate";
      /** @description Model name or folder; default: the model in the settings. */
      model?: string;
      /** @description Text put before every window, for names and spelling; with `sequential` before the first. Its last 223 tokens count. */
      initialPrompt?: string;
      /** @description Names and terms put before every window, so that they are recognised. */
      hotwords?: string;
      /** @description Recognise and spell the names and terms of your dictionary (`hearth words add <word>`); default: on, except with `sequential` and without `vad`. */
      dictionary?: boolean;
      /** @description Give the time of every word; default: off; on with a subtitle option. */
      wordTimestamps?: boolean;
      /** @description Parts to transcribe: start, end, start, end, … in seconds. */
      clipTimestamps?: number[];
      /** @description Audio track of a recording with several: its number from 1, or its language; several with commas, or `all`, each of which is named in the text; default: the one that plays by default. */
      audioTrack?: string;
      /**
       * @description What becomes of the channels: `mix` hears them as one, `split` transcribes each and names it in the text, a number takes one alone.
       * @default mix
       */
      audioChannels?: string;
      /** @description Names for the channels or tracks that are told apart, in their order: `caller,agent`; default: as the recording calls them. */
      speakerNames?: string[];
      /** @description Languages that may be spoken, such as `de,en`, if `language` is not given; the likeliest of them is taken. */
      languages?: string[];
      /**
       * @description Detect the language of every window, for recordings in several languages.
       * @default false
       */
      languagePerWindow?: boolean;
      /** @description Longest line of a subtitle, in characters; turns word times on; default: no limit. */
      maxLineWidth?: number;
      /** @description Most lines of a subtitle, with `maxLineWidth`; turns word times on; default: no limit. */
      maxLineCount?: number;
      /** @description Most words of a subtitle line; turns word times on; default: no limit. */
      maxWordsPerLine?: number;
      /**
       * @description Underline each word of srt and vtt subtitles while it is said; turns word times on.
       * @default false
       */
      highlightWords?: boolean;
      /**
       * @description Turn the four options below on, unless they are given. The decoded text stays as `raw`.
       * @default false
       */
      cleanUp?: boolean;
      /** @description Write what `hearth words` lists: `@` for "at sign"; default: as `cleanUp`. */
      replaceWords?: boolean;
      /** @description Write signs and line breaks for their names: "comma", "new line"; default: as `cleanUp`. */
      spokenPunctuation?: boolean;
      /** @description Leave out filler words: "um", "uh"; default: as `cleanUp`. */
      dropFillers?: boolean;
      /** @description Start the text, and what follows a spoken full stop or line break, with a capital; default: as `cleanUp`. */
      capitalStart?: boolean;
      /**
       * @description Decode only what holds speech, so that silence, noise and music give no text.
       * @default true
       */
      vad?: boolean;
      /**
       * @description Probability from which a sound is speech.
       * @default 0.5
       */
      vadThreshold?: number;
      /**
       * @description Shorter sounds are not speech, in seconds.
       * @default 0.25
       */
      vadMinSpeech?: number;
      /**
       * @description Shorter silences are left in, in seconds.
       * @default 2
       */
      vadMinSilence?: number;
      /**
       * @description Seconds kept before and after speech.
       * @default 0.4
       */
      vadPad?: number;
      /**
       * @description With `sequential`: put `initialPrompt` before every window, not only the first.
       * @default false
       */
      carryInitialPrompt?: boolean;
      /** @description With `sequential`: give each window the text before it as a prompt; default: as `sequential`. */
      conditionOnPreviousText?: boolean;
      /** @description Text that every window is made to start with, 112 tokens at most. */
      prefix?: string;
      /** @description Beams searched at temperature 0; default: greedy. */
      beamSize?: number;
      /**
       * @description Beam search ends with `beamSize` times this many texts.
       * @default 1
       */
      patience?: number;
      /** @description Ranks texts by likelihood over ((5 + length) / 6) to this power; default: over length. */
      lengthPenalty?: number;
      /**
       * @description Sampling temperatures, 10 at most, tried in turn while a window fails the thresholds; 0 is greedy.
       * @default [
       *       0,
       *       0.2,
       *       0.4,
       *       0.6,
       *       0.8,
       *       1
       *     ]
       */
      temperature?: number[];
      /**
       * @description Texts sampled at temperatures above 0; the likeliest is taken.
       * @default 1
       */
      bestOf?: number;
      /**
       * @description The same seed samples the same text.
       * @default 0
       */
      seed?: number;
      /** @description Windows decoded together, of a recording cut at pauses; default: by the setting `preset`. */
      batchSize?: number;
      /**
       * @description Decode 30 s after 30 s, each led by the text before it, as openai/whisper does, instead of cutting at pauses.
       * @default false
       */
      sequential?: boolean;
      /**
       * @description What is encoded of a recording of at most 26 s: `full` 30 s, as the model was trained; `short` its speech and 4 s, which is faster. A doubtful text is decoded again from 30 s.
       * @default full
       */
      window?: "full" | "short";
      /**
       * @description Decode without timestamp tokens: one segment per window.
       * @default false
       */
      withoutTimestamps?: boolean;
      /**
       * @description Latest start of the first segment in a window, in seconds.
       * @default 1
       */
      maxInitialTimestamp?: number;
      /**
       * @description Tokens never sampled; -1 stands for symbols that nobody says.
       * @default [
       *       -1
       *     ]
       */
      suppressTokens?: number[];
      /**
       * @description A text may not start with a space alone.
       * @default true
       */
      suppressBlank?: boolean;
      /**
       * @description A text that zlib shrinks more than this repeats itself and is tried again.
       * @default 2.4
       */
      compressionRatioThreshold?: number;
      /**
       * @description A text less likely than this, on average per token, is tried again.
       * @default -1
       */
      logprobThreshold?: number;
      /**
       * @description A window likelier than this to hold no speech, and with an unlikely text, is skipped.
       * @default 0.6
       */
      noSpeechThreshold?: number;
      /** @description Cut the repeats off a text that repeats itself at every temperature; default: as `vad`. */
      loopGuard?: boolean;
      /** @description With word times: skip silences longer than this many seconds around a text that looks invented; default: off. */
      hallucinationSilenceThreshold?: number;
      /**
       * @description Marks that belong to the word after them.
       * @default "'“¿([{-
       */
      prependPunctuations?: string;
      /**
       * @description Marks that belong to the word before them.
       * @default "'.。,，!！?？:：”)]}、
       */
      appendPunctuations?: string;
    };
    /**
     * UtteranceDoneEvent
     * @description With `live`. All that was said between these times is committed.
     */
    UtteranceDoneEvent: {
      seq: number;
      jobId: string;
      /** @enum {string} */
      type: "utterance-done";
      startSeconds: number;
      endSeconds: number;
    };
    /** WireError */
    WireError: {
      /** @enum {string} */
      code:
        | "ADDRESS_UNREADABLE"
        | "AUDIO_CORRUPT"
        | "AUDIO_EMPTY"
        | "AUDIO_NEEDS_CONVERSION"
        | "AUDIO_TOO_LARGE"
        | "AUDIO_UNSUPPORTED"
        | "BODY_INCOMPLETE"
        | "CANCELLED"
        | "CERTIFICATE_UNTRUSTED"
        | "CLIPBOARD_UNAVAILABLE"
        | "CONNECTION_LOST"
        | "CONVERTER_FAILED"
        | "CONVERTER_MISSING"
        | "DAEMON_FAILED_TO_START"
        | "DAEMON_NOT_ANSWERING"
        | "DAEMON_UNREACHABLE"
        | "DISK_FULL"
        | "DOWNLOAD_CORRUPT"
        | "DOWNLOADER_MISSING"
        | "DRAFT_MODEL_MISMATCH"
        | "ENGINE_BUSY"
        | "ENGINE_CRASHED"
        | "ENGINE_NOT_BUILT"
        | "ENGINE_STALLED"
        | "ENGINE_UNAVAILABLE"
        | "FILE_IS_DIRECTORY"
        | "FILE_NOT_FOUND"
        | "FILE_NOT_PERMITTED"
        | "FOLDER_NOT_ALLOWED"
        | "HISTORY_ENTRY_NOT_FOUND"
        | "HOME_BUSY"
        | "HOME_DAMAGED"
        | "HOME_IN_USE"
        | "HOME_NOT_WRITABLE"
        | "HOME_TOO_NEW"
        | "HUB_INVALID"
        | "HUB_UNREACHABLE"
        | "INTERNAL"
        | "JOB_CANCELLED"
        | "JOB_NOT_FOUND"
        | "MACOS_REQUIRED"
        | "METHOD_NOT_ALLOWED"
        | "MEMORY_IN_USE"
        | "MODEL_BUSY"
        | "MODEL_INVALID"
        | "MODEL_NOT_FOUND"
        | "MODEL_TOO_LARGE"
        | "MODEL_UNABLE"
        | "NETWORK_LOGIN_NEEDED"
        | "NETWORK_OFF"
        | "OPTION_INVALID"
        | "OUTPUT_NOT_WRITABLE"
        | "OUT_OF_MEMORY"
        | "PLACE_GUARDED"
        | "PROXY_FAILED"
        | "QUEUE_FULL"
        | "RECORDER_FAILED"
        | "RECORDER_NOT_FOUND"
        | "RECORDER_OVERFLOW"
        | "RECORDER_SILENT"
        | "REQUEST_INVALID"
        | "REQUEST_REFUSED"
        | "ROUTE_NOT_FOUND"
        | "SERVICE_FAILED"
        | "SERVICE_UNAVAILABLE"
        | "SETTINGS_INVALID"
        | "SHORTCUT_NOT_SIGNED"
        | "SHUTTING_DOWN"
        | "SOCKET_PATH_TOO_LONG"
        | "TOKEN_INVALID"
        | "WORDS_INVALID"
        | "WORD_NOT_FOUND"
        | "WATCH_NOT_FOUND";
      /** @description Expected …, got …. */
      message: string;
      /** @description What to do next. */
      hint: string;
    };
    /** Word */
    Word: {
      word: string;
      start: number;
      end: number;
      probability: number;
    };
    /**
     * WordList
     * @description The replacements and the dictionary.
     */
    WordList: {
      words: components["schemas"]["Replacement"][];
      dictionary: components["schemas"]["DictionaryEntry"][];
      /** @description What is wrong in the file; such entries are not used. */
      problems: string[];
    };
  };
  responses: never;
  parameters: never;
  requestBodies: never;
  headers: never;
  pathItems: never;
}
export type AnsweredError = components["schemas"]["AnsweredError"];
export type AudioDroppedEvent = components["schemas"]["AudioDroppedEvent"];
export type AudioOpenedEvent = components["schemas"]["AudioOpenedEvent"];
export type AudioSummary = components["schemas"]["AudioSummary"];
export type AvailableModel = components["schemas"]["AvailableModel"];
export type ComputationTrial = components["schemas"]["ComputationTrial"];
export type DictionaryEntry = components["schemas"]["DictionaryEntry"];
export type EngineHealth = components["schemas"]["EngineHealth"];
export type EngineMemory = components["schemas"]["EngineMemory"];
export type ErrorAnswer = components["schemas"]["ErrorAnswer"];
export type Health = components["schemas"]["Health"];
export type HistoryEntry = components["schemas"]["HistoryEntry"];
export type HistoryPage = components["schemas"]["HistoryPage"];
export type Job = components["schemas"]["Job"];
export type JobCancelledEvent = components["schemas"]["JobCancelledEvent"];
export type JobDoneEvent = components["schemas"]["JobDoneEvent"];
export type JobEvent = components["schemas"]["JobEvent"];
export type JobFailedEvent = components["schemas"]["JobFailedEvent"];
export type JobList = components["schemas"]["JobList"];
export type JobQueuedEvent = components["schemas"]["JobQueuedEvent"];
export type JobStartedEvent = components["schemas"]["JobStartedEvent"];
export type JobSummary = components["schemas"]["JobSummary"];
export type LanguageDetectedEvent = components["schemas"]["LanguageDetectedEvent"];
export type ListedModel = components["schemas"]["ListedModel"];
export type ModelList = components["schemas"]["ModelList"];
export type ModelLoadingEvent = components["schemas"]["ModelLoadingEvent"];
export type ModelReadyEvent = components["schemas"]["ModelReadyEvent"];
export type ModelRecommendation = components["schemas"]["ModelRecommendation"];
export type OpenAiModel = components["schemas"]["OpenAiModel"];
export type PublishedAccuracy = components["schemas"]["PublishedAccuracy"];
export type PullEvent = components["schemas"]["PullEvent"];
export type Replacement = components["schemas"]["Replacement"];
export type Residency = components["schemas"]["Residency"];
export type ResidentModel = components["schemas"]["ResidentModel"];
export type Segment = components["schemas"]["Segment"];
export type SegmentsDecodedEvent = components["schemas"]["SegmentsDecodedEvent"];
export type SpeechStartedEvent = components["schemas"]["SpeechStartedEvent"];
export type SpeechStoppedEvent = components["schemas"]["SpeechStoppedEvent"];
export type TextCommittedEvent = components["schemas"]["TextCommittedEvent"];
export type TextPartialEvent = components["schemas"]["TextPartialEvent"];
export type TextTentativeEvent = components["schemas"]["TextTentativeEvent"];
export type Timings = components["schemas"]["Timings"];
export type Transcript = components["schemas"]["Transcript"];
export type TranscriptionOptions = components["schemas"]["TranscriptionOptions"];
export type UtteranceDoneEvent = components["schemas"]["UtteranceDoneEvent"];
export type WireError = components["schemas"]["WireError"];
export type Word = components["schemas"]["Word"];
export type WordList = components["schemas"]["WordList"];
export type $defs = Record<string, never>;
export type operations = Record<string, never>;
