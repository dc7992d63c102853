#pragma once

#include <atomic>
#include <memory>

#include "errors.h"

namespace hearth {

/// Set once, when the process exits: every call ends at its next step, so that the worker threads can be joined.
inline std::atomic<bool> process_is_ending = false;

/// Set from any thread, read between steps of the work.
class Cancellation {
 public:
  void cancel() { cancelled_.store(true, std::memory_order_relaxed); }
  bool cancelled() const {
    return cancelled_.load(std::memory_order_relaxed) || process_is_ending.load(std::memory_order_relaxed);
  }
  void check() const {
    if (cancelled()) throw Error("CANCELLED", "The call was cancelled.");
  }

 private:
  std::atomic<bool> cancelled_ = false;
};

using CancellationPointer = std::shared_ptr<Cancellation>;

}  // namespace hearth
