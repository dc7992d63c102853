#pragma once

#include <atomic>
#include <deque>
#include <memory>
#include <vector>

#include "bulk_turns.h"
#include "running_decode.h"
#include "tasks.h"

namespace hearth::scheduler {

/// The work of one priority. One piece at a time: somebody looks at the other lane in between.
class Lane {
 public:
  void add(SpeechTask task) { speech_.push_back(std::move(task)); }
  void add(EncodeTask task) {
    task.is_prepared = task.loudest == whisper::Loudest::kOfWindow;
    encodes_.push_back(std::move(task));
  }
  void add(LanguageTask task) { languages_.push_back(std::move(task)); }
  void add(AlignTask task) { alignments_.push_back(std::move(task)); }
  void add(TextTask task) { texts_.push_back(std::move(task)); }

  /// Rejects what nobody waits for any more.
  void drop_cancelled();
  /// Does one piece of work: an encoder pass, a run of the decoder, some seconds of voice activity. None when there is
  /// nothing to do, or what there is waits for memory.
  Work run_one();
  /// The same, an encoder pass first where there may be one, and none where there may not.
  Work run_one_of_turn(bool may_encode);

 private:
  Work run_next(bool may_encode);
  bool prepare_one();
  void hear_on(SpeechTask task);
  Work compute_one(bool may_encode);
  void detect_languages();
  void align_one();
  bool encode_some();
  bool decode_one();
  bool fits(const whisper::Model& model, int windows, int window_frames) const;
  bool has_room_for(const TextTask& task) const;
  whisper::EncodingPointer keep(whisper::Encoding encoding, size_t bytes) const;

  std::deque<SpeechTask> speech_;
  std::deque<EncodeTask> encodes_;
  std::deque<LanguageTask> languages_;
  std::deque<AlignTask> alignments_;
  std::deque<TextTask> texts_;  ///< that no decode has taken yet
  std::vector<std::unique_ptr<RunningDecode>> decodes_;
  /// Of encoded windows that somebody still holds. They may outlive the lane.
  std::shared_ptr<std::atomic<size_t>> open_bytes_ = std::make_shared<std::atomic<size_t>>(0);
  bool prepares_next_ = true;
};

}  // namespace hearth::scheduler
