#pragma once

#include <chrono>

namespace hearth::scheduler {

/// A piece of work that was done.
enum class Work { none, encoder_pass, other };

/// When bulk work has a turn although interactive sessions are open: clips without a gap keep it waiting, but not for
/// good. A turn is an encoder pass, or other pieces for as long as the last one took. So a clip waits once, and hardly
/// longer than for a pass that was running when it came.
class BulkTurns {
 public:
  using Duration = std::chrono::steady_clock::duration;

  /// Interactive encoder passes and ends of sessions, of which a clip has one each, from one turn to the next. Four clips
  /// take some five to ten times as long as an encoder pass, and so bulk work gets a tenth to a sixth of the time.
  static constexpr int kPassesPerTurn = 8;

  bool is_due() const { return passes_ >= kPassesPerTurn; }
  /// A turn that has begun with other pieces goes on with such.
  bool has_begun() const { return taken_ > Duration::zero(); }

  void interactive_session_ended();
  void interactive_did(Work work, Duration took);
  /// In a turn, or while no interactive session is open. A turn in which nothing is left to do has ended.
  void bulk_did(Work work, Duration took);

 private:
  int passes_ = 0;
  Duration taken_{};
  Duration encoder_pass_{};
};

}  // namespace hearth::scheduler
