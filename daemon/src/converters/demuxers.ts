/** ffmpeg's demuxers for the formats that the engine recognises by content (native/src/audio/signatures.cc). */
const demuxersByFormat: Readonly<Record<string, readonly string[]>> = {
  aac: ['aac'],
  ac3: ['ac3', 'eac3'],
  amr: ['amr'],
  ape: ['ape'],
  asf: ['asf'],
  avi: ['avi'],
  dsf: ['dsf'],
  dts: ['dts', 'dtshd'],
  flv: ['flv'],
  matroska: ['matroska'],
  mp4: ['mov'],
  'mpeg-ps': ['mpeg'],
  'mpeg-ts': ['mpegts'],
  musepack: ['mpc', 'mpc8'],
  ogg: ['ogg'],
  realmedia: ['rm'],
  tta: ['tta'],
  wav: ['wav'],
  wavpack: ['wv'],
};

/**
 * Audio and video demuxers that only read the file they are given. Not listed are those that open what their input
 * names or describes: playlists and manifests (hls, dash, concat, imf, webm_dash_manifest), sdp and rtsp, scripts,
 * subtitles, sequences of images and of files (image2, mlv, vobsub), devices, and trackers' modules.
 */
const selfContainedDemuxers = [
  ...['aa', 'aac', 'aax', 'ac3', 'ac4', 'act', 'adx', 'aiff', 'amr', 'amrnb', 'amrwb', 'ape', 'apm', 'aptx', 'aptx_hd'],
  ...['asf', 'au', 'avi', 'avr', 'bonk', 'caf', 'codec2', 'daud', 'dcstr', 'dhav', 'dsf', 'dss', 'dts', 'dtshd'],
  ...['dv', 'eac3', 'flac', 'flv', 'g729', 'gsm', 'gxf', 'hca', 'hcom', 'iamf', 'iff', 'ilbc'],
  ...['ircam', 'iss', 'kux', 'laf', 'live_flv', 'loas', 'lxf', 'matroska', 'mlp', 'mm'],
  ...['mmf', 'mov', 'mp3', 'mpc', 'mpc8', 'mpeg', 'mpegts', 'mtaf', 'mxf', 'nistsphere', 'nsv', 'nut'],
  ...['nuv', 'ogg', 'oma', 'osq', 'paf', 'pva', 'pvf', 'qcp', 'rm', 'rpl', 'rso', 'sbc', 'sds', 'shn', 'siff', 'sln'],
  ...['smjpeg', 'sox', 'spdif', 'tak', 'truehd', 'tta', 'ty', 'voc', 'vqf', 'w64', 'wady', 'wav', 'wc3movie', 'wsd'],
  ...['wtv', 'wv', 'wve', 'xa', 'xwma'],
];

/** The demuxers that may read a recording: those of its format, or all safe ones for data of no known kind. */
export function demuxersFor(format: string | null): readonly string[] {
  return (format === null ? undefined : demuxersByFormat[format]) ?? selfContainedDemuxers;
}
