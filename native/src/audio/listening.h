#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <mutex>
#include <span>
#include <thread>
#include <vector>

#include "right_of_way.h"

namespace hearth::audio {

/// Somebody who hears a recording while it is decoded.
struct Listener {
  /// Takes in some more of the samples so far, as much as takes a few milliseconds; false when it has heard what it can.
  std::function<bool(std::span<const int16_t> samples, bool are_all)> hear;
  /// Begins again: the samples have changed.
  std::function<void()> forget;
};

/// Lets listeners hear a recording while it is being decoded, each on a thread of its own.
class Listening {
 public:
  Listening(std::vector<Listener> listeners, const Pace& pace);
  Listening(const Listening&) = delete;
  Listening& operator=(const Listening&) = delete;
  /// Whoever still listens stops.
  ~Listening();

  /// Makes room for `count` more samples, so that none move while somebody hears them.
  void make_room(std::vector<int16_t>& samples, size_t count);
  /// Gives up the samples from `count` on. What was heard of them does not count.
  void take_back(std::vector<int16_t>& samples, size_t count);
  /// There are more samples.
  void tell(const std::vector<int16_t>& samples);
  /// There will be no more of them.
  void end(const std::vector<int16_t>& samples);
  /// Waits, after `end`, until all of them were heard. Throws what a listener threw.
  void wait();

 private:
  struct Heard {
    const int16_t* samples = nullptr;
    size_t count = 0;
    bool are_all = false;
    int times_taken_back = 0;

    bool operator==(const Heard&) const = default;
  };

  void follow(const Listener& listener);
  void hear_all(const Listener& listener);
  void stop();
  void while_nobody_hears(const std::function<void()>& change);

  const std::vector<Listener> listeners_;
  const Pace pace_;
  std::mutex mutex_;
  std::condition_variable changed_;
  Heard there_is_;
  int hearing_ = 0;  ///< listeners that read samples now
  bool is_changing_ = false;
  bool is_stopped_ = false;
  std::exception_ptr failure_;  ///< the first one
  std::vector<std::thread> threads_;
};

}  // namespace hearth::audio
