#pragma once

#include <deque>
#include <memory>
#include <vector>

#include "../whisper/decode_batch.h"
#include "tasks.h"

namespace hearth::scheduler {

/// A decode of one model that texts join and leave.
class RunningDecode {
 public:
  explicit RunningDecode(std::shared_ptr<whisper::Model> model);

  const std::shared_ptr<whisper::Model>& model() const { return model_; }
  bool is_empty() const { return tasks_.empty(); }
  /// What its rows take at most.
  size_t bytes() const;
  void add(TextTask task);
  /// Rejects what nobody waits for any more.
  void drop_cancelled();
  /// One run of the decoder.
  void step();

 private:
  std::vector<SessionPointer> sessions_of_waiting() const;
  void finish(const std::vector<std::shared_ptr<whisper::Text>>& ended);

  std::shared_ptr<whisper::Model> model_;
  whisper::DecodeBatch batch_;
  std::vector<TextTask> tasks_;
};

}  // namespace hearth::scheduler
