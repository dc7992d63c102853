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
  /// Whether its texts may join now; those that are too many for the memory wait until others have ended.
  bool has_room_for(const TextTask& task) const;
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
