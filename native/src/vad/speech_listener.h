#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "even_level.h"
#include "silero.h"

namespace hearth::vad {

/// Finds where somebody speaks in a recording while it is decoded: what `SpeechDetection` finds in the whole one.
/// What decides about the level of the first samples may come with the last ones, so it begins where the recording turns
/// out to be loud, as nearly all do, and begins again where the end shows that it was wrong.
class SpeechListener {
 public:
  explicit SpeechListener(std::shared_ptr<const Silero> network) : run_(std::move(network)) {}

  /// Hears about 1 s more of the samples so far; false when it has heard what it can.
  bool hear(std::span<const int16_t> samples, bool are_all);
  void forget();
  /// Once all was heard.
  std::vector<float> take_probabilities() { return std::move(run_.probabilities); }

 private:
  void measure(std::span<const int16_t> samples, bool are_all);

  SpeechRun run_;
  LevelMeter meter_;
  std::optional<EvenLevel> evened_;  ///< of the whole recording, where it is not heard as it is
};

}  // namespace hearth::vad
