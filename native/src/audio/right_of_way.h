#pragma once

#include "../cancellation.h"

namespace hearth::audio {

/// Held while an interactive recording is opened or transcribed: bulk ones that are being opened stand still between
/// two steps. Any thread.
class RightOfWay {
 public:
  RightOfWay();
  RightOfWay(const RightOfWay&) = delete;
  RightOfWay& operator=(const RightOfWay&) = delete;
  ~RightOfWay();
};

/// How work on a recording goes on from step to step.
struct Pace {
  const Cancellation& cancellation;
  bool gives_way = false;

  /// Between two steps of about a millisecond: stands still for many times as long where it has to give way, not for good.
  /// Throws CANCELLED.
  void next_step() const;
};

}  // namespace hearth::audio
