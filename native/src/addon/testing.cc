#include "testing.h"

#include <algorithm>
#include <memory>
#include <set>
#include <utility>
#include <vector>

#include "../scheduler/capacity.h"
#include "../vad/speech_listener.h"
#include "../whisper/check_inputs.h"
#include "../whisper/compiled.h"
#include "../whisper/draft_length.h"
#include "arguments.h"
#include "audio.h"
#include "encoding.h"
#include "mlx/ops.h"
#include "model.h"
#include "session.h"
#include "text_requests.h"
#include "voice_activity.h"

namespace mx = mlx::core;

namespace hearth::addon {
namespace {

/// filterLogits({ filters, speechUntil, sampled, logits }): a filtered copy.
Napi::Value filter_logits(const Napi::CallbackInfo& info) {
  const auto request = info[0].As<Napi::Object>();
  const auto logits = request.Get("logits").As<Napi::Float32Array>();
  std::vector<float> values(logits.Data(), logits.Data() + logits.ElementLength());
  const auto filters = read_filters(request.Get("filters"));
  const int speech_until = read_optional_int(request.Get("speechUntil")).value_or(0);
  whisper::check_filters(static_cast<int>(values.size()), filters);
  whisper::apply_logit_filters(filters, speech_until, read_ints(request.Get("sampled")), values);
  return make_floats(info.Env(), values);
}

/// readLogits({ model, encoding, tokens })
Napi::Value read_logits(const Napi::CallbackInfo& info) {
  const auto request = info[0].As<Napi::Object>();
  return environment(info.Env())
      .js_thread->run(engine_thread(),
                      [model = Model::open(request.Get("model")), encoding = Encoding::open(request.Get("encoding")),
                       tokens = read_ints(request.Get("tokens"))]() -> ToValue {
                        auto values = model->logits(encoding, tokens);
                        return [values = std::move(values)](Napi::Env env) { return make_floats(env, values); };
                      });
}

/// readSpeechProbabilities({ network, audio })
Napi::Value read_speech_probabilities(const Napi::CallbackInfo& info) {
  const auto request = info[0].As<Napi::Object>();
  return environment(info.Env())
      .js_thread->run(engine_thread(), [network = VoiceActivity::open(request.Get("network")),
                                        recording = Audio::open(request.Get("audio"))]() -> ToValue {
        vad::SpeechDetection detection(network, recording->audio().samples);
        while (!detection.advance()) continue;
        auto probabilities = detection.take_probabilities();
        return [probabilities = std::move(probabilities)](Napi::Env env) { return make_floats(env, probabilities); };
      });
}

/// hearInPieces({ network, model, audio, sampleCounts }): as if a decoder told of so many samples, one after the other.
Napi::Value hear_in_pieces(const Napi::CallbackInfo& info) {
  const auto request = info[0].As<Napi::Object>();
  return environment(info.Env())
      .js_thread->run(
          engine_thread(), [network = VoiceActivity::open(request.Get("network")),
                            model = Model::open(request.Get("model")), recording = Audio::open(request.Get("audio")),
                            counts = read_ints(request.Get("sampleCounts"))]() -> ToValue {
            const std::span samples = recording->audio().samples;
            vad::SpeechListener listener(network);
            std::vector<float> probabilities;
            audio::LogMelMaximum maximum;
            const auto hear = [&](size_t count, bool are_all) {
              while (listener.hear(samples.first(count), are_all)) continue;
              const auto more = listener.take_probabilities();
              probabilities.insert(probabilities.end(), more.begin(), more.end());
              while (maximum.look(*model->log_mel_kernel(), samples.first(count), are_all)) continue;
            };
            for (const int count : counts) hear(std::min(static_cast<size_t>(count), samples.size()), false);
            hear(samples.size(), true);
            return [probabilities = std::move(probabilities), value = maximum.value](Napi::Env env) {
              auto object = make_numbers(env, {{"logMelMaximum", value}});
              object.Set("speechProbabilities", make_floats(env, probabilities));
              return object;
            };
          });
}

/// readFeatures(encoding)
Napi::Value read_features(const Napi::CallbackInfo& info) {
  const auto encoding = Encoding::open(info[0]);
  return environment(info.Env()).js_thread->run(engine_thread(), [encoding]() -> ToValue {
    auto features = mx::contiguous(mx::astype(encoding->features, mx::float32));
    features.eval();
    std::vector<float> values(features.data<float>(), features.data<float>() + features.size());
    return [values = std::move(values)](Napi::Env env) { return make_floats(env, values); };
  });
}

/// encodingOf({ model, features }): what `readFeatures` read of an encoding of this model, as an encoding again.
Napi::Value encoding_of(const Napi::CallbackInfo& info) {
  const auto request = info[0].As<Napi::Object>();
  const auto features = request.Get("features").As<Napi::Float32Array>();
  return environment(info.Env())
      .js_thread->run(engine_thread(),
                      [model = Model::open(request.Get("model")),
                       values = std::vector<float>(features.Data(), features.Data() + features.ElementLength())]()
                          -> ToValue {
                        const int state = model->dimensions().audio_state;
                        const mx::Shape shape{1, static_cast<int>(values.size()) / state, state};
                        auto encoding = std::make_shared<const whisper::Encoding>(
                            model->encoding_of(mx::array(values.begin(), shape, mx::float32)));
                        return [encoding](Napi::Env env) { return Encoding::make(env, encoding); };
                      });
}

/// Row-major [mel bins, 3000], as OpenAI lays it out.
std::vector<float> transposed(const whisper::Mel& mel) {
  const int frames = mel.frames.shape(0), bins = mel.frames.shape(1);
  auto computed = mx::contiguous(mel.frames);
  computed.eval();
  const float* values = computed.data<float>();
  std::vector<float> result(mel.frames.size());
  for (int bin = 0; bin < bins; ++bin) {
    for (int frame = 0; frame < frames; ++frame) result[bin * frames + frame] = values[frame * bins + bin];
  }
  return result;
}

/// readLogMel({ model, audio, startFrame, frameCount })
Napi::Value read_log_mel(const Napi::CallbackInfo& info) {
  const auto request = info[0].As<Napi::Object>();
  return environment(info.Env())
      .js_thread->run(engine_thread(),
                      [model = Model::open(request.Get("model")), recording = Audio::open(request.Get("audio")),
                       start = request.Get("startFrame").ToNumber().Int64Value(),
                       count = read_int(request.Get("frameCount")),
                       loudest = read_loudest(request.Get("loudest"))]() -> ToValue {
                        auto values = transposed(
                            model->log_mel(*recording, start, count, whisper::kFramesPerWindow, loudest));
                        return [values = std::move(values)](Napi::Env env) { return make_floats(env, values); };
                      });
}

/// holdDecoding(samples): whoever decodes waits with so many samples known; null lets them go on.
Napi::Value hold_decoding(const Napi::CallbackInfo& info) {
  audio::hold_decoding_at(info[0].IsNumber() ? static_cast<size_t>(info[0].ToNumber().Int64Value()) : SIZE_MAX);
  return info.Env().Undefined();
}

/// simulateGuesses({ right, sessions, guessRuns, readingRuns, extraRuns, ... }): sessions of one text each, one after the
/// other, whose guesses would be right at these places, by a clock that is made up.
Napi::Value simulate_guesses(const Napi::CallbackInfo& info) {
  const auto request = info[0].As<Napi::Object>();
  const auto right = read_ints(request.Get("right"));
  const auto number = [&](const char* name) {
    return request.Has(name) ? request.Get(name).ToNumber().DoubleValue() : 0;
  };
  const double each = number("guessRuns") + number("readingRuns"), extra = number("extraRuns");
  const double cold = number("coldRuns"), slow_until = number("slowUntil"), slow = number("slowRuns");
  const int count = static_cast<int>(right.size());
  whisper::DraftCosts costs(number("estimatedRuns"), 0, true);
  whisper::GuessExperience experience;
  for (int time = 0; time < number("rehearsals"); ++time) {
    costs.learn_plain_run(1);
    for (int guesses = 1; guesses <= whisper::DraftLength::kMost; ++guesses) {
      costs.learn_round(1 + extra + guesses * each, guesses);
    }
  }
  std::set<int> met;
  std::vector<double> runs_of_sessions;
  int guesses = 0;
  for (int session = 0; session < std::max(1.0, number("sessions")); ++session) {
    whisper::DraftLength length(std::make_shared<whisper::GuessRecord>(), experience);
    bool is_heard = false;
    double runs = 0;
    for (int tokens = 1; tokens < count;) {
      const bool is_slow = tokens < slow_until;
      const int wanted = costs.wants_plain_run() ? 0 : length.next(tokens, costs);
      int accepted = 0;
      while (accepted < wanted && tokens + accepted < count && right[tokens + accepted] != 0) ++accepted;
      tokens += accepted + 1;
      guesses += wanted;
      // What is met for the first time takes longer.
      double taken = met.insert(wanted).second ? 1 + cold : 1;
      if (wanted > 0) taken += extra + wanted * each + (is_slow ? slow : 0);
      runs += taken;
      if (wanted == 0) {
        costs.learn_plain_run(taken);
        continue;
      }
      if (!std::exchange(is_heard, true)) runs += number("hearingRuns");
      costs.learn_round(taken, wanted);
      length.learn(tokens, wanted, accepted);
    }
    runs_of_sessions.push_back(runs);
  }
  auto result = make_numbers(info.Env(), {{"guesses", static_cast<double>(guesses)}});
  result.Set("runs", make_each(info.Env(), runs_of_sessions, [](Napi::Env env, double runs) { return Napi::Number::New(env, runs); }));
  return result;
}

/// forceCapacity(bytes)
Napi::Value force_capacity(const Napi::CallbackInfo& info) {
  scheduler::force_capacity(static_cast<size_t>(info[0].ToNumber().Int64Value()));
  return info.Env().Undefined();
}

Napi::Value compilations(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), static_cast<double>(whisper::compilations()));
}

}  // namespace

Napi::Object make_testing(Napi::Env env) {
  auto object = Napi::Object::New(env);
  add_function<filter_logits>(object, "filterLogits");
  add_function<simulate_guesses>(object, "simulateGuesses");
  add_function<compilations>(object, "compilations");
  add_function<force_capacity>(object, "forceCapacity");
  add_function<hold_decoding>(object, "holdDecoding");
  add_promising_function<read_logits>(object, "readLogits");
  add_promising_function<read_log_mel>(object, "readLogMel");
  add_promising_function<read_speech_probabilities>(object, "readSpeechProbabilities");
  add_promising_function<read_features>(object, "readFeatures");
  add_promising_function<encoding_of>(object, "encodingOf");
  add_promising_function<hear_in_pieces>(object, "hearInPieces");
  return object;
}

}  // namespace hearth::addon
