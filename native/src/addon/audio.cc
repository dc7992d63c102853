#include "audio.h"

#include <algorithm>
#include <optional>

#include "../audio/audio.h"
#include "../audio/file_source.h"
#include "../audio/right_of_way.h"
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

/// Who hears a recording while it is decoded, and what they heard.
class Listeners {
 public:
  explicit Listeners(const Napi::Value& request) {
    if (!request.IsObject()) return;
    const auto listeners = request.As<Napi::Object>();
    log_mel_ = Model::open(listeners.Get("model"))->log_mel_kernel();
    const auto network = listeners.Get("voiceActivity");
    if (network.IsObject()) speech_ = std::make_shared<vad::SpeechListener>(VoiceActivity::open(network));
  }

  std::vector<audio::Listener> listen() {
    std::vector<audio::Listener> listeners;
    if (speech_) {
      listeners.push_back({[this](auto samples, bool are_all) { return speech_->hear(samples, are_all); },
                           [this] { speech_->forget(); }});
    }
    if (log_mel_) {
      listeners.push_back({[this](auto samples, bool are_all) {
                             const kernels::WithoutPool by_itself;
                             return maximum_.look(*log_mel_, samples, are_all);
                           },
                           [this] { maximum_ = {}; }});
    }
    return listeners;
  }

  audio::Heard heard() {
    audio::Heard heard;
    if (speech_) heard.speech_probabilities = speech_->take_probabilities();
    if (log_mel_) heard.maxima.emplace(log_mel_->mel_bins(), maximum_);
    return heard;
  }

 private:
  std::shared_ptr<vad::SpeechListener> speech_;
  std::shared_ptr<const kernels::LogMel> log_mel_;
  audio::LogMelMaximum maximum_;
};

/// Opens the file of a request on the thread that reads it: a disk may be slow to answer. One that is open already is
/// taken now, before its owner closes it.
std::function<std::shared_ptr<audio::FileSource>()> source_of(const Napi::Object& request) {
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

}  // namespace

Napi::Object Audio::describe(Napi::Env env, const std::shared_ptr<audio::Recording>& recording) {
  const auto& audio = recording->audio();
  auto object = make(env, recording);
  object.Set("sampleCount", static_cast<double>(audio.samples.size()));
  object.Set("durationSeconds", static_cast<double>(audio.samples.size()) / audio::kSampleRate);
  object.Set("container", audio.container);
  object.Set("codec", audio.codec);
  object.Set("sourceSampleRateHz", audio.source_sample_rate);
  object.Set("sourceChannels", audio.source_channels);
  object.Set("channel", audio.channel.empty() ? env.Null() : Napi::Value(Napi::String::New(env, audio.channel)));
  object.Set("peakAmplitude", audio.level.peak);
  object.Set("rmsAmplitude", audio.level.rms);
  object.Set("dcOffset", audio.level.mean);
  object.Set("warnings", make_each(env, audio.warnings, describe_warning));
  return object;
}

void Audio::define(Napi::Env env) { SharedObject::define(env, {thrower<&Audio::samples>("samples")}); }

Napi::Value Audio::open_file(const Napi::CallbackInfo& info) {
  const auto request = info[0].As<Napi::Object>();
  const auto priority = read_priority(request.Get("priority"));
  return environment(info.Env())
      .js_thread->run(
          audio_thread(priority),
          [open = source_of(request), priority, cancellation = cancellation_of(request.Get("signal")),
           listeners = std::make_shared<Listeners>(request.Get("listeners"))]() -> ToValue {
            auto audio = at_pace_of(priority, cancellation, [&](const audio::Pace& pace) {
              return audio::decode_audio(*open(), audio::Channels::kMixed, pace, listeners->listen());
            });
            auto recording = std::make_shared<audio::Recording>(std::move(audio.front()), listeners->heard());
            return [recording](Napi::Env env) { return describe(env, recording); };
          });
}

Napi::Value Audio::open_channels(const Napi::CallbackInfo& info) {
  const auto request = info[0].As<Napi::Object>();
  const auto priority = read_priority(request.Get("priority"));
  return environment(info.Env())
      .js_thread->run(audio_thread(priority),
                      [open = source_of(request), priority,
                       cancellation = cancellation_of(request.Get("signal"))]() -> ToValue {
                        auto audios = at_pace_of(priority, cancellation, [&](const audio::Pace& pace) {
                          return audio::decode_audio(*open(), audio::Channels::kApart, pace);
                        });
                        std::vector<std::shared_ptr<audio::Recording>> recordings;
                        for (auto& audio : audios) {
                          recordings.push_back(std::make_shared<audio::Recording>(std::move(audio)));
                        }
                        return [recordings](Napi::Env env) { return make_each(env, recordings, describe); };
                      });
}

/// samples(start, count)
Napi::Value Audio::samples(const Napi::CallbackInfo& info) {
  const auto recording = held();
  const auto& samples = recording->audio().samples;
  const auto size = static_cast<int64_t>(samples.size());
  const int64_t first = std::clamp<int64_t>(info[0].ToNumber().Int64Value(), 0, size);
  const int64_t last = std::clamp<int64_t>(first + info[1].ToNumber().Int64Value(), first, size);
  auto result = Napi::Int16Array::New(info.Env(), last - first);
  std::copy(samples.begin() + first, samples.begin() + last, result.Data());
  return result;
}

}  // namespace hearth::addon
