#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "../scheduler/scheduler.h"

namespace hearth::addon {

/// One thread that runs what it is given, in order, until the process exits.
class WorkThread {
 public:
  /// `otherwise` does a piece of other work whenever nothing is given; false when it has none.
  explicit WorkThread(std::function<bool()> otherwise = [] { return false; }) : otherwise_(std::move(otherwise)) {}

  void post(std::function<void()> work);

  /// Lets the running piece of work end, drops the rest and joins.
  void close();

  bool is_working() const { return working_.load(std::memory_order_relaxed); }

 private:
  void run();
  /// Waits for work where there is none; nothing when the thread is to end.
  std::optional<std::function<void()>> next();

  const std::function<bool()> otherwise_;
  std::mutex mutex_;
  std::condition_variable arrived_;
  std::deque<std::function<void()>> queue_;
  bool closed_ = false;
  std::atomic<bool> working_ = false;
  std::thread thread_;
};

/// Owns MLX: loading, graph building, evaluation and freeing happen here and nowhere else. It does what the scheduler
/// says whenever nothing else is asked of it.
WorkThread& engine_thread();

/// Engine thread only.
scheduler::Scheduler& the_scheduler();

/// Ends the work of both threads for good: what runs stops at its next step, what waits is dropped.
void end_work();

/// Decodes audio files, so that a long file does not hold up the engine, nor a bulk one an interactive one.
WorkThread& audio_thread(scheduler::Priority priority);

}  // namespace hearth::addon
