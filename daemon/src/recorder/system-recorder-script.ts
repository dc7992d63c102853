/** JavaScript for `osascript`: records the microphone to the WAV file of its argument until its standard input ends. */
export const systemRecorderScript = `
ObjC.import("Foundation");
ObjC.import("AVFoundation");
function run([path]) {
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
  if (!recorder.record) throw new Error("The microphone cannot be recorded.");
  $.NSFileHandle.fileHandleWithStandardInput.readDataToEndOfFile;
  recorder.stop;
}
`;
