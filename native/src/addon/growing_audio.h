#pragma once

#include <cstdint>
#include <memory>

#include "../audio/growing_sound.h"
#include "../audio/recording.h"
#include "../vad/silero.h"
#include "shared_object.h"

namespace hearth::addon {

/// Sound that is still coming, and how far voice activity has heard it. JavaScript thread only, but for `heard`.
struct GrowingRecording {
  /// What voice activity has not heard, behind as much as its level is measured over.
  struct Piece {
    std::shared_ptr<audio::Recording> recording;
    int64_t known_samples;
  };

  explicit GrowingRecording(const audio::SampleFormat& format) : sound(format) {}

  Piece take_unheard();
  /// Keeps what `take_unheard` needs.
  void forget(int64_t before);

  audio::GrowingSound sound;
  bool finished = false;
  int64_t heard_samples = 0;
  std::shared_ptr<vad::HeardSound> heard = std::make_shared<vad::HeardSound>();
};

/// `NativeGrowingAudio` of native/audio.ts.
class GrowingAudio : public SharedObject<GrowingAudio, GrowingRecording> {
 public:
  static constexpr const char* kName = "GrowingAudio";
  using SharedObject::SharedObject;
  static void define(Napi::Env env);

  /// growAudio({ encoding, sampleRateHz, channels })
  static Napi::Value begin(const Napi::CallbackInfo& info);

 private:
  Napi::Value sample_count(const Napi::CallbackInfo& info);
  Napi::Value append(const Napi::CallbackInfo& info);
  Napi::Value finish(const Napi::CallbackInfo& info);
  Napi::Value forget(const Napi::CallbackInfo& info);
  Napi::Value recording(const Napi::CallbackInfo& info);
};

}  // namespace hearth::addon
