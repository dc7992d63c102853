#include "right_of_way.h"

#include <chrono>
#include <condition_variable>
#include <mutex>

namespace hearth::audio {
namespace {

// Many times as long as a step, so that who passes hardly notices; but clips without a gap must not keep a recording from
// being opened at all. Cancelling ends it no later.
constexpr std::chrono::milliseconds kLongestStand{25};

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
    holders.left.wait_for(lock, kLongestStand, [&holders] { return holders.count == 0; });
  }
  cancellation.check();
}

}  // namespace hearth::audio
