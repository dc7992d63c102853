#include "computation.h"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "../errors.h"
#include "arguments.h"

namespace hearth::addon {
namespace {

// In the order of whisper::Trial.
constexpr std::array kParts = {"encoder", "decoder", "logMel"};
constexpr std::array kWays = {"quantized", "dense", "cpu", "device"};

template <typename Value, size_t count>
Value read_name(const Napi::Value& value, const std::array<const char*, count>& names) {
  const auto found = std::ranges::find(names, read_string(value));
  if (found == names.end()) throw Error("INTERNAL", "Expected a part of a model or a way to compute it, got another.");
  return static_cast<Value>(found - names.begin());
}

whisper::TimedTrial read_trial(const Napi::Object& object) {
  return {{.part = read_name<whisper::Trial::Part>(object.Get("part"), kParts),
           .way = read_name<whisper::Trial::Way>(object.Get("way"), kWays),
           .count = read_int(object.Get("count"))},
          object.Get("seconds").ToNumber().DoubleValue()};
}

}  // namespace

std::optional<whisper::Computation> read_computation(const Napi::Value& value) {
  if (!value.IsObject()) return std::nullopt;
  const auto object = value.As<Napi::Object>();
  const auto rows = object.Get("rowsReadQuantized");
  return whisper::Computation{.dense_encoder = object.Get("denseEncoder").ToBoolean(),
                              .rows_read_quantized = rows.IsNumber() ? read_int(rows) : whisper::kAllRows,
                              .encoder_batch = read_int(object.Get("encoderBatch")),
                              .log_mel_on_device = object.Get("logMelOnDevice").ToBoolean()};
}

Napi::Object make_computation(Napi::Env env, const whisper::Computation& computation) {
  const auto& [dense_encoder, rows, encoder_batch, log_mel_on_device] = computation;
  auto object = Napi::Object::New(env);
  object.Set("denseEncoder", dense_encoder);
  object.Set("rowsReadQuantized", rows == whisper::kAllRows ? env.Null() : Napi::Value(Napi::Number::New(env, rows)));
  object.Set("encoderBatch", encoder_batch);
  object.Set("logMelOnDevice", log_mel_on_device);
  return object;
}

Napi::Value make_trial(Napi::Env env, const whisper::TimedTrial& timed) {
  auto object = Napi::Object::New(env);
  object.Set("part", std::string(kParts[static_cast<size_t>(timed.trial.part)]));
  object.Set("way", std::string(kWays[static_cast<size_t>(timed.trial.way)]));
  object.Set("count", timed.trial.count);
  object.Set("seconds", timed.seconds);
  return object;
}

whisper::TrialClock read_trial_clock(const Napi::Value& value) {
  if (!value.IsArray()) return whisper::time_work;
  const auto list = value.As<Napi::Array>();
  std::vector<whisper::TimedTrial> times;
  for (uint32_t i = 0; i < list.Length(); ++i) times.push_back(read_trial(Napi::Value(list.Get(i)).As<Napi::Object>()));
  return [times](const whisper::Trial& trial, const std::function<void()>& work) {
    const auto found = std::ranges::find(times, trial, &whisper::TimedTrial::trial);
    if (found == times.end()) throw Error("INTERNAL", "Expected a trial whose time is known, got another.");
    // More windows and rows are the same work, which a test has no time for.
    if (trial.count == 1) work();
    return found->seconds;
  };
}

}  // namespace hearth::addon
