#include "recording.h"

#include <algorithm>
#include <iterator>

namespace hearth::audio {

void Recording::become_whole(Audio audio) {
  // Whoever reads the samples does not notice: they stay where they are.
  audio_ = std::move(audio);
  // First, so that who finds it whole finds its last samples known.
  sound_.end(audio_.samples);
  {
    const std::lock_guard lock(mutex_);
    is_whole_ = true;
  }
  call_who_waited();
}

void Recording::fail(const Error& failure) {
  sound_.stop();
  {
    const std::lock_guard lock(mutex_);
    failure_ = failure;
  }
  call_who_waited();
}

void Recording::add_speech(std::span<const float> probabilities) {
  if (probabilities.empty()) return;
  {
    const std::lock_guard lock(mutex_);
    speech_.insert(speech_.end(), probabilities.begin(), probabilities.end());
  }
  call_who_waited();
}

void Recording::when_known(size_t samples, std::function<void()> then) {
  when([this, samples] { return is_known_until(samples); }, std::move(then));
}

void Recording::when_heard(size_t probabilities, std::function<void()> then) {
  when([this, probabilities] { return speech_.size() > probabilities; }, std::move(then));
}

void Recording::when_whole(std::function<void()> then) {
  when([] { return false; }, std::move(then));
}

std::optional<Error> Recording::failure() const {
  const std::lock_guard lock(mutex_);
  return failure_;
}

bool Recording::is_whole() const {
  const std::lock_guard lock(mutex_);
  return is_whole_;
}

std::vector<float> Recording::speech_from(size_t first) const {
  const std::lock_guard lock(mutex_);
  return {speech_.begin() + static_cast<int64_t>(std::min(first, speech_.size())), speech_.end()};
}

void Recording::when(std::function<bool()> is_over, std::function<void()> then) {
  {
    const std::lock_guard lock(mutex_);
    waiting_.push_back({std::move(is_over), std::move(then)});
  }
  call_who_waited();
}

/// Outside the lock: what they do may ask again.
void Recording::call_who_waited() {
  std::vector<Waiting> over;
  {
    const std::lock_guard lock(mutex_);
    const auto goes_on = std::ranges::partition(waiting_, [this](const Waiting& waiting) {
      return !(is_whole_ || failure_ || waiting.is_over());
    });
    std::ranges::move(goes_on, std::back_inserter(over));
    waiting_.erase(goes_on.begin(), goes_on.end());
  }
  for (const auto& waiting : over) waiting.then();
}

}  // namespace hearth::audio
