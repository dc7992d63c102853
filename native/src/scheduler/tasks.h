#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <memory>
#include <numeric>
#include <optional>
#include <vector>

#include "../audio/recording.h"
#include "../errors.h"
#include "../vad/silero.h"
#include "../whisper/align_text.h"
#include "../whisper/log_mel_window.h"
#include "../whisper/text.h"
#include "session.h"

namespace hearth::scheduler {

/// Where the result of a task goes; one of the two is called, once.
template <typename Value>
struct Answer {
  using Result = Value;
  std::function<void(Result)> resolve;
  std::function<void(const Error&)> reject;
};

/// Where somebody speaks in a recording, in pieces.
struct SpeechTask {
  SessionPointer session;
  std::shared_ptr<audio::Recording> recording;
  Answer<std::vector<float>> answer{};
  std::optional<vad::SpeechDetection> detection{};
  /// For a piece of sound that is still coming: how much of it was heard before, and what is remembered of that.
  int64_t known_samples = 0;
  std::shared_ptr<vad::HeardSound> heard{};
};

/// Log-mel and encoder of one window, of `frame_count` frames of sound and `window_frames` with the zeros behind.
struct EncodeTask {
  SessionPointer session;
  std::shared_ptr<audio::Recording> recording;
  int64_t start_frame;
  int frame_count;
  int window_frames;
  whisper::Loudest loudest = whisper::Loudest::kOfRecording;
  Answer<whisper::EncodingPointer> answer{};
  bool is_prepared = false;
};

struct LanguageTask {
  SessionPointer session;
  whisper::EncodingPointer encoding;
  int sot;
  std::vector<int> language_tokens;
  Answer<std::vector<float>> answer{};
};

struct AlignTask {
  SessionPointer session;
  whisper::AlignRequest request;
  Answer<whisper::Alignment> answer{};
};

/// Texts of one window; answered when all have ended.
struct TextTask {
  SessionPointer session;
  std::vector<std::shared_ptr<whisper::Text>> texts{};
  Answer<std::vector<std::shared_ptr<whisper::Text>>> answer{};
  size_t ended = 0;

  /// What the rows of its texts take at most.
  size_t bytes() const {
    const auto add = [](int sum, const auto& text) { return sum + text->rows(); };
    return static_cast<size_t>(std::accumulate(texts.begin(), texts.end(), 0, add)) * session->model->row_bytes();
  }
};

/// Whose tasks these are, each session once.
template <typename Tasks>
std::vector<SessionPointer> sessions_of(Tasks&& tasks) {
  std::vector<SessionPointer> sessions;
  for (const auto& task : tasks) sessions.push_back(task.session);
  std::ranges::sort(sessions);
  const auto repeated = std::ranges::unique(sessions);
  sessions.erase(repeated.begin(), repeated.end());
  return sessions;
}

}  // namespace hearth::scheduler
