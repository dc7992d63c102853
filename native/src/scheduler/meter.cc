#include "meter.h"

#include <utility>

namespace hearth::scheduler {

Meter::Meter(Stage stage, std::vector<SessionPointer> sessions)
    : stage_(stage), sessions_(std::move(sessions)) {}

Meter::~Meter() {
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  for (const auto& session : sessions_) {
    session->record([&](Usage& usage) { usage.seconds[static_cast<size_t>(stage_)] += seconds; });
  }
}

}  // namespace hearth::scheduler
