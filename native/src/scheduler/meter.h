#pragma once

#include <chrono>
#include <vector>

#include "session.h"

namespace hearth::scheduler {

/// Counts the time of its scope for each of some sessions.
class Meter {
 public:
  Meter(Stage stage, std::vector<SessionPointer> sessions);
  Meter(const Meter&) = delete;
  Meter& operator=(const Meter&) = delete;
  ~Meter();

 private:
  const Stage stage_;
  const std::vector<SessionPointer> sessions_;
  const std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

}  // namespace hearth::scheduler
