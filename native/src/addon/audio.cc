#include "audio.h"

#include <algorithm>
#include <optional>

#include "../audio/audio.h"
#include "../audio/file_source.h"
#include "../audio/right_of_way.h"
#include "../memory.h"
#include "../vad/speech_listener.h"
#include "abort_signal.h"
#include "arguments.h"
#include "model.h"
#include "voice_activity.h"

namespace hearth::addon {
namespace {

Napi::Value number_or_null(Napi::Env env, const std::optional<double>& value) {
  return value ? Napi::Value(Napi::Number::New(env, *value)) : env.Null();
}

Napi::Value describe_warning(Napi::Env env, const audio::Warning& warning) {
  auto object = Napi::Object::New(env);
  object.Set("code", warning.code);
  object.Set("message", warning.message);
  object.Set("atSeconds", number_or_null(env, warning.at_seconds));
  object.Set("bytes", number_or_null(env, warning.bytes));
  return object;
}

/// Who hears a recording while it is decoded.
class Listeners {
 public:
  explicit Listeners(const Napi::Value& request) {
    if (!request.IsObject()) return;
    const auto listeners = request.As<Napi::Object>();
    const auto network = listeners.Get("voiceActivity");
    if (network.IsObject()) speech_ = std::make_shared<vad::SpeechListener>(VoiceActivity::open(network));
    const auto model = listeners.Get("model");
    if (model.IsObject()) log_mel_ = Model::open(model)->log_mel_kernel();
  }

  bool hear_speech() const { return speech_ != nullptr; }

  std::vector<audio::Listener> listen(audio::Recording& recording) {
    std::vector<audio::Listener> listeners;
    if (speech_) {
      listeners.emplace_back([this, &recording](auto samples, bool are_all) {
        const bool goes_on = speech_->hear(samples, are_all);
        recording.add_speech(speech_->take_probabilities());
        return goes_on;
      });
    }
    if (log_mel_) {
      listeners.emplace_back([this](auto samples, bool are_all) {
        const kernels::WithoutPool by_itself;
        return maximum_.look(*log_mel_, samples, are_all);
      });
    }
    return listeners;
  }

  /// After the end.
  void tell(audio::Recording& recording) const {
    if (log_mel_) recording.know_maximum(log_mel_->mel_bins(), maximum_);
  }

 private:
  std::shared_ptr<vad::SpeechListener> speech_;
  std::shared_ptr<const kernels::LogMel> log_mel_;
  audio::LogMelMaximum maximum_;
};

using OpenSource = std::function<std::shared_ptr<audio::FileSource>()>;

/// Opens the file of a request on the thread that reads it: a disk may be slow to answer. One that is open already is
/// taken now, before its owner closes it.
OpenSource source_of(const Napi::Object& request) {
  const auto path = read_string(request.Get("path"));
  const auto descriptor = read_optional_int(request.Get("descriptor"));
  if (!descriptor) return [path] { return std::make_shared<audio::FileSource>(path); };
  const auto source = std::make_shared<audio::FileSource>(*descriptor, path);
  return [source] { return source; };
}

/// How a recording of this priority is opened: an interactive one keeps bulk ones waiting until `open` has ended.
template <typename Open>
auto at_pace_of(scheduler::Priority priority, const CancellationPointer& cancellation, const Open& open) {
  std::optional<audio::RightOfWay> right_of_way;
  const bool is_bulk = priority == scheduler::Priority::bulk;
  if (!is_bulk) right_of_way.emplace();
  return open(audio::Pace{*cancellation, is_bulk});
}

/// What is known of a file once it is opened.
void describe_file(Napi::Object& object, const audio::Audio& file) {
  object.Set("container", file.container);
  object.Set("codec", file.codec);
  object.Set("sourceSampleRateHz", file.source_sample_rate);
  object.Set("sourceChannels", file.source_channels);
  object.Set("channel", file.channel.empty() ? object.Env().Null()
                                             : Napi::Value(Napi::String::New(object.Env(), file.channel)));
  object.Set("claimedSeconds", file.claimed_seconds > 0 ? Napi::Value(Napi::Number::New(object.Env(), file.claimed_seconds))
                                                        : object.Env().Null());
}

/// What is known of a recording once all of it is decoded.
void describe_whole(Napi::Object& object, const audio::Audio& audio) {
  object.Set("sampleCount", static_cast<double>(audio.samples.size()));
  object.Set("durationSeconds", static_cast<double>(audio.samples.size()) / audio::kSampleRate);
  object.Set("peakAmplitude", audio.level.peak);
  object.Set("rmsAmplitude", audio.level.rms);
  object.Set("dcOffset", audio.level.mean);
  object.Set("warnings", make_each(object.Env(), audio.warnings, describe_warning));
}

/// Decodes a file into a recording; `opened` is called once its first samples are known.
void decode_into(audio::Recording& recording, Listeners& listeners, const OpenSource& open,
                 const audio::Pace& pace, const std::function<void(const audio::Audio& file)>& opened) {
  audio::Audio file;
  recording.when_known(1, [&] { opened(file); });
  try {
    auto mix = audio::decode_mix(*open(), pace,
                                 {.sound = recording.sound(),
                                  .listeners = listeners.listen(recording),
                                  .on_opened = [&](const audio::Audio& found) { file = found; }});
    listeners.tell(recording);
    recording.become_whole(std::move(mix));
  } catch (const std::exception& failure) {
    recording.fail(to_error(failure));
  }
}

}  // namespace

Napi::Object Audio::describe(Napi::Env env, const std::shared_ptr<audio::Recording>& recording) {
  const auto& audio = recording->audio();
  auto object = make(env, recording);
  describe_file(object, audio);
  describe_whole(object, audio);
  object.Set("claimedSeconds", object.Get("durationSeconds"));
  return object;
}

void Audio::define(Napi::Env env) {
  SharedObject::define(env, {thrower<&Audio::samples>("samples"), promiser<&Audio::reach>("reach"),
                             promiser<&Audio::whole>("whole")});
}

Napi::Value Audio::begin_file(const Napi::CallbackInfo& info) {
  const auto request = info[0].As<Napi::Object>();
  const auto priority = read_priority(request.Get("priority"));
  const auto listeners = std::make_shared<Listeners>(request.Get("listeners"));
  const auto call = environment(info.Env()).js_thread->begin();
  audio_thread(priority).post([open = source_of(request), priority,
                               cancellation = cancellation_of(request.Get("signal")), listeners,
                               pending = call.pending] {
    const auto recording = std::make_shared<audio::Recording>(listeners->hear_speech());
    const auto opened = [&](const audio::Audio& file) {
      if (const auto failure = recording->failure()) return pending.reject(*failure);
      pending.resolve([recording, file](Napi::Env env) {
        auto object = make(env, recording);
        describe_file(object, file);
        return object;
      });
    };
    at_pace_of(priority, cancellation,
               [&](const audio::Pace& pace) { decode_into(*recording, *listeners, open, pace, opened); });
  });
  return call.promise;
}

Napi::Value Audio::open_channels(const Napi::CallbackInfo& info) {
  const auto request = info[0].As<Napi::Object>();
  const auto priority = read_priority(request.Get("priority"));
  return environment(info.Env())
      .js_thread->run(audio_thread(priority),
                      [open = source_of(request), priority,
                       cancellation = cancellation_of(request.Get("signal"))]() -> ToValue {
                        auto audios = at_pace_of(priority, cancellation, [&](const audio::Pace& pace) {
                          return audio::decode_channels(*open(), pace);
                        });
                        std::vector<std::shared_ptr<audio::Recording>> recordings;
                        for (auto& audio : audios) {
                          recordings.push_back(std::make_shared<audio::Recording>(std::move(audio)));
                        }
                        return [recordings](Napi::Env env) { return make_each(env, recordings, describe); };
                      });
}

/// reach(sampleCount)
Napi::Value Audio::reach(const Napi::CallbackInfo& info) {
  const auto call = environment(info.Env()).js_thread->begin();
  const auto recording = held();
  const auto samples = static_cast<size_t>(std::max<int64_t>(0, info[0].ToNumber().Int64Value()));
  recording->when_known(samples, [recording, pending = call.pending] {
    if (const auto failure = recording->failure()) return pending.reject(*failure);
    pending.resolve([count = static_cast<double>(recording->sound().known_count())](Napi::Env env) {
      return Napi::Number::New(env, count);
    });
  });
  return call.promise;
}

/// whole()
Napi::Value Audio::whole(const Napi::CallbackInfo& info) {
  const auto call = environment(info.Env()).js_thread->begin();
  const auto recording = held();
  recording->when_whole([recording, pending = call.pending] {
    if (const auto failure = recording->failure()) return pending.reject(*failure);
    pending.resolve([recording](Napi::Env env) {
      auto object = Napi::Object::New(env);
      describe_whole(object, recording->audio());
      return object;
    });
  });
  return call.promise;
}

/// samples(start, count)
Napi::Value Audio::samples(const Napi::CallbackInfo& info) {
  const auto recording = held();
  return recording->sound().read([&](const audio::SoundSoFar::Known& known) -> Napi::Value {
    const auto size = static_cast<int64_t>(known.samples.size());
    const int64_t first = std::clamp<int64_t>(info[0].ToNumber().Int64Value(), 0, size);
    const int64_t last = first + std::clamp<int64_t>(info[1].ToNumber().Int64Value(), 0, size - first);
    auto result = Napi::Int16Array::New(info.Env(), last - first);
    std::copy(known.samples.begin() + first, known.samples.begin() + last, result.Data());
    return result;
  });
}

}  // namespace hearth::addon
