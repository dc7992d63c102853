#include "scheduler.h"

#include <chrono>

namespace hearth::scheduler {
namespace {

struct Done {
  Work work;
  BulkTurns::Duration took;
};

template <typename Run>
Done timed(const Run& run) {
  const auto start = std::chrono::steady_clock::now();
  const Work work = run();
  return {work, std::chrono::steady_clock::now() - start};
}

}  // namespace

void Scheduler::open_session(Priority priority) {
  if (priority == Priority::interactive) ++interactive_sessions_;
}

void Scheduler::close_session(Priority priority) {
  if (priority != Priority::interactive) return;
  --interactive_sessions_;
  turns_.interactive_session_ended();
}

bool Scheduler::run_one() {
  interactive_.drop_cancelled();
  bulk_.drop_cancelled();
  const bool is_passed = interactive_sessions_ > 0;
  if (is_passed && turns_.is_due() && run_turn()) return true;
  return run_interactive() || (!is_passed && run_bulk());
}

bool Scheduler::run_interactive() {
  const auto [work, took] = timed([this] { return interactive_.run_one(); });
  turns_.interactive_did(work, took);
  return work != Work::none;
}

bool Scheduler::run_bulk() {
  const auto [work, took] = timed([this] { return bulk_.run_one(); });
  turns_.bulk_did(work, took);
  return work != Work::none;
}

/// False where bulk work has nothing to do with its turn.
bool Scheduler::run_turn() {
  const bool may_encode = !turns_.has_begun();
  const auto [work, took] = timed([&] { return bulk_.run_one_of_turn(may_encode); });
  turns_.bulk_did(work, took);
  return work != Work::none;
}

}  // namespace hearth::scheduler
