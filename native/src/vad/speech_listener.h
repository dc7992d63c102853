#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "even_level.h"
#include "silero.h"

namespace hearth::vad {

/// Finds where somebody speaks in a recording while it is decoded: what `SpeechDetection` finds in the whole one.
class SpeechListener {
 public:
  explicit SpeechListener(std::shared_ptr<const Silero> network) : run_(std::move(network)) {}

  /// Hears about 1 s more of the samples so far; false when it has heard what it can.
  bool hear(std::span<const int16_t> samples, bool are_all);
  /// Those that came since the last call.
  std::vector<float> take_probabilities();

 private:
  SpeechRun run_;
  EvenLevel level_;
  int64_t heard_chunks_ = 0;
};

}  // namespace hearth::vad
