#pragma once

#include <utility>

#include "bulk_turns.h"
#include "lane.h"

namespace hearth::scheduler {

/// Decides what the engine's thread does next. Engine thread only, but for sessions.
///
/// A piece of work is as short as the device allows: an encoder pass, one run of the decoder for all texts that are
/// being decoded, some seconds of a recording's voice activity. Between two pieces it looks at what has come:
/// interactive work passes bulk work, windows that wait are encoded together, texts join the running decode.
class Scheduler {
 public:
  template <typename Task>
  void add(Task task) {
    auto& lane = task.session->priority == Priority::interactive ? interactive_ : bulk_;
    lane.add(std::move(task));
  }

  /// Bulk work stands still while an interactive session is open, also between two of its calls, but for its turns.
  void open_session(Priority priority);
  void close_session(Priority priority);

  /// Does one piece of work; false when there is nothing to do.
  bool run_one();

 private:
  bool run_interactive();
  bool run_bulk();
  bool run_turn();

  Lane interactive_;
  Lane bulk_;
  BulkTurns turns_;
  int interactive_sessions_ = 0;
};

}  // namespace hearth::scheduler
