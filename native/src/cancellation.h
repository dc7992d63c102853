#pragma once

#include <atomic>
#include <cstdint>
#include <memory>

#include "errors.h"

namespace hearth {

/// Set once, when the process exits: every call ends at its next step, so that the worker threads can be joined.
inline std::atomic<bool> process_is_ending = false;

/// Steps that work has come through: whoever watches the process sees it grow while a call goes on.
inline std::atomic<uint64_t> work_steps = 0;

inline Error cancelled_error() { return Error("CANCELLED", "The call was cancelled."); }

/// Set from any thread, read between steps of the work.
class Cancellation {
 public:
  void cancel() { cancelled_.store(true, std::memory_order_relaxed); }
  bool cancelled() const {
    return cancelled_.load(std::memory_order_relaxed) || process_is_ending.load(std::memory_order_relaxed);
  }
  /// Between two steps of the work.
  void check() const {
    work_steps.fetch_add(1, std::memory_order_relaxed);
    if (cancelled()) throw cancelled_error();
  }

 private:
  std::atomic<bool> cancelled_ = false;
};

using CancellationPointer = std::shared_ptr<Cancellation>;

}  // namespace hearth
