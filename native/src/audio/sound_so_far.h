#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <span>
#include <vector>

namespace hearth::audio {

/// The samples of a recording, held once: one thread decodes them while others read what will not change any more.
class SoundSoFar {
 public:
  struct Known {
    std::span<const int16_t> samples;
    bool are_all = false;
  };

  /// `on_change` is called by the thread that decodes when more is known.
  explicit SoundSoFar(std::function<void()> on_change = [] {}) : on_change_(std::move(on_change)) {}
  SoundSoFar(const SoundSoFar&) = delete;
  SoundSoFar& operator=(const SoundSoFar&) = delete;

  /// For the thread that decodes: makes room for `count` more samples, so that none move while somebody reads them.
  void make_room(std::vector<int16_t>& samples, size_t count);
  /// The first `count` of them are decoded for good. Throws CANCELLED if nobody wants them any more.
  void tell(const std::vector<int16_t>& samples, size_t count);
  /// There will be no more of them.
  void end(const std::vector<int16_t>& samples);
  /// The samples go away. Waits for whoever reads them.
  void stop();

  /// Nobody wants the sound any more.
  void leave();
  bool is_left() const;
  size_t known_count() const;
  bool are_all() const;
  /// Calls `read` with what is known, which stays where it is meanwhile. Throws CANCELLED if nothing is there any more.
  template <typename Read>
  auto read(const Read& read) {
    const Reading reading(*this);
    return read(reading.known);
  }
  /// Waits until there is more than what was known; false if no more comes.
  bool wait_for_more(const Known& known);

 private:
  struct Reading {
    explicit Reading(SoundSoFar& sound);
    ~Reading();
    SoundSoFar& sound;
    Known known;
  };

  const std::function<void()> on_change_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  Known known_;
  int readers_ = 0;
  bool is_moving_ = false;
  bool is_left_ = false;
  bool is_stopped_ = false;
};

/// For tests: whoever decodes waits with so many samples known, until this is called again.
void hold_decoding_at(size_t samples);

}  // namespace hearth::audio
