#pragma once

#include <atomic>
#include <memory>

#include "errors.h"

namespace hearth {

/// Set from any thread, read between steps of the work.
class Cancellation {
 public:
  void cancel() { cancelled_.store(true, std::memory_order_relaxed); }
  bool cancelled() const { return cancelled_.load(std::memory_order_relaxed); }
  void check() const {
    if (cancelled()) throw Error("CANCELLED", "The call was cancelled.");
  }

 private:
  std::atomic<bool> cancelled_ = false;
};

using CancellationPointer = std::shared_ptr<Cancellation>;

}  // namespace hearth
