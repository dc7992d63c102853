#include "right_of_way.h"

#include <chrono>
#include <condition_variable>
#include <mutex>

namespace hearth::audio {
namespace {

// Whoever stands still looks this often whether it is cancelled.
constexpr std::chrono::milliseconds kLookEvery{10};

struct Holders {
  std::mutex mutex;
  std::condition_variable left;
  int count = 0;

  static Holders& instance() {
    static auto* const holders = new Holders;  // never deleted: threads may outlive static objects
    return *holders;
  }
};

}  // namespace

RightOfWay::RightOfWay() {
  auto& holders = Holders::instance();
  const std::lock_guard lock(holders.mutex);
  ++holders.count;
}

RightOfWay::~RightOfWay() {
  auto& holders = Holders::instance();
  {
    const std::lock_guard lock(holders.mutex);
    --holders.count;
  }
  holders.left.notify_all();
}

void Pace::next_step() const {
  if (gives_way) {
    auto& holders = Holders::instance();
    std::unique_lock lock(holders.mutex);
    while (holders.count > 0 && !cancellation.cancelled()) holders.left.wait_for(lock, kLookEvery);
  }
  cancellation.check();
}

}  // namespace hearth::audio
