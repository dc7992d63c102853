#include "growing_audio.h"

#include <algorithm>

#include "arguments.h"
#include "audio.h"

namespace hearth::addon {

GrowingRecording::Piece GrowingRecording::take_unheard() {
  const int64_t unheard = sound.sample_count() - heard_samples;
  const int64_t count = finished ? unheard : unheard / vad::kChunkSamples * vad::kChunkSamples;
  const int64_t known = std::min<int64_t>(heard_samples, audio::kSampleRate);
  auto recording = std::make_shared<audio::Recording>(sound.cut(heard_samples - known, known + count));
  heard_samples += count;
  return {std::move(recording), known};
}

void GrowingRecording::forget(int64_t before) {
  sound.forget(std::min<int64_t>(before, heard_samples - audio::kSampleRate));
}

void GrowingAudio::define(Napi::Env env) {
  SharedObject::define(
      env, {getter<&GrowingAudio::sample_count>("sampleCount"), thrower<&GrowingAudio::append>("append"),
            thrower<&GrowingAudio::finish>("finish"), thrower<&GrowingAudio::forget>("forget"),
            thrower<&GrowingAudio::recording>("recording")});
}

Napi::Value GrowingAudio::begin(const Napi::CallbackInfo& info) {
  const auto request = info[0].As<Napi::Object>();
  const audio::SampleFormat format{.encoding = read_string(request.Get("encoding")),
                                   .sample_rate = read_int(request.Get("sampleRateHz")),
                                   .channels = read_int(request.Get("channels"))};
  return make(info.Env(), std::make_shared<GrowingRecording>(format));
}

Napi::Value GrowingAudio::sample_count(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), static_cast<double>(held()->sound.sample_count()));
}

/// append(bytes)
Napi::Value GrowingAudio::append(const Napi::CallbackInfo& info) {
  const auto bytes = info[0].As<Napi::Uint8Array>();
  held()->sound.append(bytes.Data(), bytes.ByteLength());
  return info.Env().Undefined();
}

Napi::Value GrowingAudio::finish(const Napi::CallbackInfo& info) {
  held()->sound.finish();
  held()->finished = true;
  return info.Env().Undefined();
}

/// forget(before)
Napi::Value GrowingAudio::forget(const Napi::CallbackInfo& info) {
  held()->forget(info[0].ToNumber().Int64Value());
  return info.Env().Undefined();
}

/// recording(start, count)
Napi::Value GrowingAudio::recording(const Napi::CallbackInfo& info) {
  auto audio = held()->sound.cut(info[0].ToNumber().Int64Value(), info[1].ToNumber().Int64Value());
  return Audio::describe(info.Env(), std::make_shared<audio::Recording>(std::move(audio)));
}

}  // namespace hearth::addon
