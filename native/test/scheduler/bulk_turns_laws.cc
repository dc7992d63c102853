#include <algorithm>
#include <chrono>
#include <iostream>
#include <string>

#include "../../src/scheduler/bulk_turns.h"

namespace hearth::scheduler {
namespace {

using std::chrono::milliseconds;

/// How long pieces of work take on a machine that exists on paper only.
struct Machine {
  std::string name;
  BulkTurns::Duration encoder_pass;
  BulkTurns::Duration interactive_step;
  BulkTurns::Duration bulk_step;
};

/// Bulk windows without an end: an encoder pass, and then steps until the text ends.
class BulkWindows {
 public:
  explicit BulkWindows(const Machine& machine) : machine_(machine) {}

  Work next(bool may_encode) const {
    if (steps_left_ > 0) return Work::other;
    return may_encode ? Work::encoder_pass : Work::none;
  }

  BulkTurns::Duration run(Work work) {
    if (work == Work::encoder_pass) {
      ++encoder_passes;
      steps_left_ = kSteps;
      return machine_.encoder_pass;
    }
    if (work == Work::other) {
      ++steps;
      --steps_left_;
      return machine_.bulk_step;
    }
    return {};
  }

  int encoder_passes = 0;
  int steps = 0;

 private:
  static constexpr int kSteps = 50;
  const Machine& machine_;
  int steps_left_ = 0;
};

/// Clips one after the other, as many pieces of bulk work between theirs as they let pass.
class Clips {
 public:
  explicit Clips(const Machine& machine) : machine_(machine), bulk_(machine) {
    // No session is open yet: the first clip comes while an encoder pass of bulk work runs.
    run_bulk(Work::encoder_pass);
  }

  /// The time that bulk work took of this clip.
  BulkTurns::Duration hear_one() {
    const auto before = taken_by_bulk_;
    interactive_piece(Work::encoder_pass, machine_.encoder_pass);
    for (int step = 0; step < 40; ++step) interactive_piece(Work::other, machine_.interactive_step);
    turns_.interactive_session_ended();
    return taken_by_bulk_ - before;
  }

  const BulkWindows& bulk() const { return bulk_; }

 private:
  void interactive_piece(Work work, BulkTurns::Duration took) {
    while (turns_.is_due() && run_bulk(bulk_.next(!turns_.has_begun()))) {
    }
    turns_.interactive_did(work, took);
  }

  bool run_bulk(Work work) {
    const auto took = bulk_.run(work);
    taken_by_bulk_ += took;
    turns_.bulk_did(work, took);
    return work != Work::none;
  }

  const Machine& machine_;
  BulkWindows bulk_;
  BulkTurns turns_;
  BulkTurns::Duration taken_by_bulk_{};
};

bool report(bool holds, const std::string& law, const Machine& machine) {
  std::cout << (holds ? "ok " : "not ok ") << law << ", " << machine.name << '\n';
  return holds;
}

bool check(const Machine& machine) {
  Clips clips(machine);
  BulkTurns::Duration longest{};
  constexpr int kClips = 1200;
  for (int i = 0; i < kClips; ++i) longest = std::max(longest, clips.hear_one());
  const auto limit = machine.encoder_pass + 2 * machine.bulk_step;
  const int windows = clips.bulk().encoder_passes;
  // A turn for every four clips. Steps of a window fill some turns, an encoder pass another.
  const auto pass_steps = (machine.encoder_pass + machine.bulk_step - BulkTurns::Duration(1)) / machine.bulk_step;
  const auto turns_per_window = 1 + (50 + pass_steps - 1) / pass_steps;
  return report(longest <= limit, "a clip waits for an encoder pass and two steps at most", machine) &
         report(windows >= kClips / 4 / turns_per_window, "bulk windows end beside clips without a gap", machine);
}

}  // namespace
}  // namespace hearth::scheduler

/// Prints `ok LAW` or `not ok LAW` for each. Fails if one is broken.
int main() {
  using namespace hearth::scheduler;
  const bool hold = check({"two cores, one row", milliseconds(700), milliseconds(9), milliseconds(9)}) &
                    check({"two cores, 24 rows", milliseconds(700), milliseconds(9), milliseconds(70)}) &
                    check({"a GPU, 24 rows", milliseconds(7), milliseconds(1), milliseconds(2)});
  return hold ? 0 : 1;
}
