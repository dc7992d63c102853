#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <mutex>

#include "../cancellation.h"
#include "../vad/silero.h"
#include "../whisper/draft_length.h"
#include "../whisper/model.h"

namespace hearth::scheduler {

/// Interactive work passes bulk work.
enum class Priority { interactive, bulk };

/// What takes the time of a session. `prompt` is a part of `decode`: until the first token is chosen.
enum class Stage { voice_activity, log_mel, encode, detect_language, decode, prompt, align };
constexpr size_t kStages = 7;

/// What a session took. Work for several sessions at a time counts for each of them.
struct Usage {
  std::array<double, kStages> seconds{};
  double decode_host_seconds = 0;     ///< of decoding, this thread's own work
  double decode_device_seconds = 0;   ///< of decoding, this thread waited for the device
  int64_t windows = 0;                ///< that were encoded
  double window_seconds = 0;          ///< how long they were together
  int64_t decoder_steps = 0;          ///< runs of the decoder, prompts included, whatever their rows
  int64_t tokens = 0;                 ///< chosen, those of texts that are given up included
  int64_t draft_tokens = 0;           ///< of drafts, read
  int64_t accepted_draft_tokens = 0;  ///< of those, the text's own
};

/// Work that belongs together: one recording's.
struct Session {
  std::shared_ptr<whisper::Model> model;
  std::shared_ptr<vad::Silero> voice_activity;  ///< null where nothing listens for speech
  Priority priority = Priority::interactive;
  CancellationPointer cancellation;
  std::shared_ptr<whisper::GuessRecord> guesses = std::make_shared<whisper::GuessRecord>();  ///< engine thread only

  /// The engine thread writes, any thread reads.
  template <typename Change>
  void record(const Change& change) {
    const std::lock_guard lock(mutex_);
    change(usage_);
  }
  Usage usage() const {
    const std::lock_guard lock(mutex_);
    return usage_;
  }

 private:
  mutable std::mutex mutex_;
  Usage usage_;
};
using SessionPointer = std::shared_ptr<Session>;

}  // namespace hearth::scheduler
