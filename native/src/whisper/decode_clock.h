#pragma once

#include <chrono>
#include <vector>

#include "mlx/array.h"

namespace hearth::whisper {

/// Where the time of decode calls went. The device may well be busy while the host is.
struct DecodeTime {
  std::chrono::nanoseconds host{0};    ///< this thread's own work: graphs, filters, tokens, handing over
  std::chrono::nanoseconds device{0};  ///< this thread waited for what it had handed over
};

/// Counts from its making to the end of its scope: what was not spent in `wait_for` is the host's.
class DecodeClock {
 public:
  explicit DecodeClock(DecodeTime& time);
  DecodeClock(const DecodeClock&) = delete;
  DecodeClock& operator=(const DecodeClock&) = delete;
  ~DecodeClock();

 private:
  DecodeTime& time_;
  const std::chrono::nanoseconds device_before_;
  const std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

/// Hands these arrays to the device, unless they are on their way, and waits until they are computed.
void wait_for(const std::vector<mlx::core::array>& arrays, DecodeTime& time);

}  // namespace hearth::whisper
