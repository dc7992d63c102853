#pragma once

#include <cstdint>
#include <exception>
#include <functional>
#include <mutex>
#include <span>
#include <thread>
#include <vector>

#include "right_of_way.h"
#include "sound_so_far.h"

namespace hearth::audio {

/// Somebody who hears a recording while it is decoded: takes in some more of the samples so far, as much as takes a few
/// milliseconds; false when it has heard what it can.
using Listener = std::function<bool(std::span<const int16_t> samples, bool are_all)>;

/// Lets listeners hear a recording while it is being decoded, each on a thread of its own.
class Listening {
 public:
  Listening(std::vector<Listener> listeners, SoundSoFar& sound, const Pace& pace);
  Listening(const Listening&) = delete;
  Listening& operator=(const Listening&) = delete;
  /// Whoever still reads stops.
  ~Listening();

  /// Waits, once all samples are known, until all of them were heard. Throws what a listener threw.
  void wait();

 private:
  void follow(const Listener& listener);
  void hear_all(const Listener& listener);
  void stop();

  const std::vector<Listener> listeners_;
  SoundSoFar& sound_;
  const Pace& pace_;
  std::mutex mutex_;
  std::exception_ptr failure_;  ///< the first one
  bool have_all_heard_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace hearth::audio
