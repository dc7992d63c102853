#pragma once

#include "../cancellation.h"

namespace hearth::audio {

/// Held while an interactive recording is opened or transcribed: bulk ones that are being opened stand still. Any thread.
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

  /// Between two steps of a few milliseconds: stands still while it gives way. Throws CANCELLED.
  void next_step() const;
};

}  // namespace hearth::audio
