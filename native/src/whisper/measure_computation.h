#pragma once

#include <functional>

#include "../cancellation.h"
#include "choose_computation.h"
#include "model.h"

namespace hearth::whisper {

/// Does the work of a trial, which can be repeated, and says how many seconds it takes.
using TrialClock = std::function<double(const Trial& trial, const std::function<void()>& work)>;

/// The middle one of several times, once the work has been done in vain.
double time_work(const Trial& trial, const std::function<void()>& work);

/// Times parts of a model that was loaded with `measures`. It stays as it computed last.
TimeTrial trials_of(Model& model, const TrialClock& clock, const Cancellation& cancellation);

/// Times the ways in which a model that was loaded with `measures` can be computed, chooses one, and drops what it does
/// not need. `most_rows` are decoded together. Nothing is timed where our CPU primitives compute.
ChosenComputation measure_computation(Model& model, int most_rows, const TrialClock& clock,
                                      const Cancellation& cancellation);

}  // namespace hearth::whisper
