#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "../errors.h"
#include "../kernels/kernels.h"
#include "audio.h"
#include "log_mel_maximum.h"
#include "sound_so_far.h"

namespace hearth::audio {

/// A recording, which may still be decoded, and what is computed once per recording.
class Recording {
 public:
  /// One that is decoded. `is_heard`: voice activity follows it.
  explicit Recording(bool is_heard) : is_heard_(is_heard) {}
  /// A whole one.
  explicit Recording(Audio audio) { become_whole(std::move(audio)); }

  SoundSoFar& sound() { return sound_; }
  /// Of a whole one.
  const Audio& audio() const { return audio_; }
  /// Whether voice activity hears it while it is decoded.
  bool is_heard() const { return is_heard_; }

  /// Nobody wants it any more.
  void leave() { sound_.leave(); }

  /// For the thread that decodes.
  void become_whole(Audio audio);
  void fail(const Error& failure);
  /// For the one that listens: the next probabilities of speech.
  void add_speech(std::span<const float> probabilities);
  void know_maximum(int mel_bins, const LogMelMaximum& maximum) { maxima_.emplace(mel_bins, maximum); }

  /// Once so many samples are known, or all that there are.
  void when_known(size_t samples, std::function<void()> then);
  /// Once there are more probabilities of speech than so many, or all of them.
  void when_heard(size_t probabilities, std::function<void()> then);
  void when_whole(std::function<void()> then);
  /// Why there will be no more of it.
  std::optional<Error> failure() const;
  bool is_whole() const;
  /// Whether so many samples are known, or all that there are. The file may have parts left that are no sound.
  bool is_known_until(size_t samples) const { return sound_.known_count() >= samples || sound_.are_all(); }
  /// A copy of the probabilities of speech from one on.
  std::vector<float> speech_from(size_t first) const;

  /// Engine thread, of a whole recording: looks at another 30 s for `log_mel_maximum`; whether that was all.
  bool prepare_log_mel(const kernels::LogMel& log_mel) {
    auto& maximum = maxima_[log_mel.mel_bins()];
    maximum.look(log_mel, audio_.samples, true);
    return maximum.frames >= kernels::LogMel::frames_of(audio_.samples.size());
  }
  /// The same: its largest log-mel value.
  float log_mel_maximum(const kernels::LogMel& log_mel) {
    while (!prepare_log_mel(log_mel)) continue;
    return maxima_.at(log_mel.mel_bins()).value;
  }

 private:
  struct Waiting {
    std::function<bool()> is_over;
    std::function<void()> then;
  };
  void when(std::function<bool()> is_over, std::function<void()> then);
  void call_who_waited();

  const bool is_heard_ = false;
  Audio audio_;
  SoundSoFar sound_{[this] { call_who_waited(); }};
  std::map<int, LogMelMaximum> maxima_;  ///< by mel bins

  mutable std::mutex mutex_;
  std::vector<float> speech_;
  std::optional<Error> failure_;
  bool is_whole_ = false;
  std::vector<Waiting> waiting_;
};

}  // namespace hearth::audio
