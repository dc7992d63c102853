#include "sound_so_far.h"

#include <algorithm>

#include "../cancellation.h"

namespace hearth::audio {
namespace {

class Gate {
 public:
  static Gate& instance() {
    static auto* const gate = new Gate;
    return *gate;
  }
  void set(size_t limit) {
    {
      const std::lock_guard lock(mutex_);
      limit_ = limit;
    }
    changed_.notify_all();
  }
  void pass(size_t count) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return count < limit_; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  size_t limit_ = SIZE_MAX;
};

}  // namespace

void SoundSoFar::make_room(std::vector<int16_t>& samples, size_t count) {
  const size_t needed = samples.size() + count;
  if (needed <= samples.capacity()) return;
  {
    std::unique_lock lock(mutex_);
    is_moving_ = true;
    changed_.wait(lock, [&] { return readers_ == 0; });
    samples.reserve(std::max(needed, 2 * samples.capacity()));
    known_.samples = {samples.data(), known_.samples.size()};
    is_moving_ = false;
  }
  changed_.notify_all();
}

void SoundSoFar::tell(const std::vector<int16_t>& samples, size_t count) {
  {
    const std::lock_guard lock(mutex_);
    if (is_left_) throw cancelled_error();
    known_.samples = {samples.data(), count};
  }
  changed_.notify_all();
  on_change_();
  Gate::instance().pass(count);
}

void SoundSoFar::end(const std::vector<int16_t>& samples) {
  {
    const std::lock_guard lock(mutex_);
    known_ = {samples, true};
  }
  changed_.notify_all();
  on_change_();
}

void SoundSoFar::stop() {
  std::unique_lock lock(mutex_);
  is_stopped_ = true;
  changed_.notify_all();
  changed_.wait(lock, [&] { return readers_ == 0; });
}

void SoundSoFar::leave() {
  const std::lock_guard lock(mutex_);
  is_left_ = true;
}

bool SoundSoFar::is_left() const {
  const std::lock_guard lock(mutex_);
  return is_left_;
}

size_t SoundSoFar::known_count() const {
  const std::lock_guard lock(mutex_);
  return known_.samples.size();
}

bool SoundSoFar::are_all() const {
  const std::lock_guard lock(mutex_);
  return known_.are_all;
}

bool SoundSoFar::wait_for_more(const Known& known) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] {
    return is_stopped_ || known_.are_all != known.are_all || known_.samples.size() > known.samples.size();
  });
  return !is_stopped_;
}

SoundSoFar::Reading::Reading(SoundSoFar& sound) : sound(sound) {
  std::unique_lock lock(sound.mutex_);
  sound.changed_.wait(lock, [&] { return sound.is_stopped_ || !sound.is_moving_; });
  if (sound.is_stopped_) throw cancelled_error();
  ++sound.readers_;
  known = sound.known_;
}

void hold_decoding_at(size_t samples) { Gate::instance().set(samples); }

SoundSoFar::Reading::~Reading() {
  {
    const std::lock_guard lock(sound.mutex_);
    --sound.readers_;
  }
  sound.changed_.notify_all();
}

}  // namespace hearth::audio
