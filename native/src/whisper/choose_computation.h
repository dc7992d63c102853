#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "computation.h"

namespace hearth::whisper {

/// One way to compute a part of a model, with so many windows or rows at a time.
struct Trial {
  enum class Part { encoder, decoder, log_mel };
  enum class Way { quantized, dense, cpu, device };
  Part part;
  Way way;
  int count;

  bool operator==(const Trial&) const = default;
};

struct TimedTrial {
  Trial trial;
  double seconds;
};

/// What a device allows.
struct ComputationLimits {
  bool has_two_forms;  ///< the file is quantised, and there is room for dense layers
  int most_windows;    ///< that one pass of the encoder may hold
  int most_rows;       ///< that are decoded together
};

struct ChosenComputation {
  Computation computation;
  std::vector<TimedTrial> trials;
};

/// Seconds that a trial takes; nothing where it cannot be computed so.
using TimeTrial = std::function<std::optional<double>(const Trial&)>;

/// Times the few ways that there are, and chooses: the fastest where it is faster by a tenth at least, and otherwise the
/// one that takes the least memory. `otherwise` holds for what was not timed.
ChosenComputation choose_computation(const ComputationLimits& limits, const Computation& otherwise,
                                     const TimeTrial& time);

}  // namespace hearth::whisper
