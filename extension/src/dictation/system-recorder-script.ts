/**
 * JavaScript for `osascript`, which every Mac has. Records the microphone to a WAVE file until its standard input ends.
 * Arguments: path, maximum duration in seconds.
 */
export const systemRecorderScript = `
ObjC.import("Foundation");
ObjC.import("AVFoundation");
function run([path, limitSeconds]) {
  const settings = $({
    AVFormatIDKey: 0x6c70636d,
    AVSampleRateKey: 16000,
    AVNumberOfChannelsKey: 1,
    AVLinearPCMBitDepthKey: 16,
    AVLinearPCMIsFloatKey: false,
    AVLinearPCMIsBigEndianKey: false,
  });
  const url = $.NSURL.fileURLWithPath(path);
  const recorder = $.AVAudioRecorder.alloc.initWithURLSettingsError(url, settings, null);
  if (!recorder.recordForDuration(Number(limitSeconds))) throw new Error("The microphone cannot be recorded.");
  $.NSFileHandle.fileHandleWithStandardInput.readDataToEndOfFile;
  recorder.stop;
}
`;
