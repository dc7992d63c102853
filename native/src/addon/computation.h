#pragma once

#include <napi.h>

#include <optional>

#include "../whisper/measure_computation.h"

namespace hearth::addon {

/// Nothing for null.
std::optional<whisper::Computation> read_computation(const Napi::Value& value);
Napi::Object make_computation(Napi::Env env, const whisper::Computation& computation);
/// `{ part, way, count, seconds }`
Napi::Value make_trial(Napi::Env env, const whisper::TimedTrial& trial);
/// A real clock, or for tests one that reads the times of a list; what is not in the list cannot be computed.
whisper::TrialClock read_trial_clock(const Napi::Value& value);

}  // namespace hearth::addon
