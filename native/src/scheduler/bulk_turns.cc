#include "bulk_turns.h"

namespace hearth::scheduler {

void BulkTurns::interactive_session_ended() {
  if (!is_due()) ++passes_;
}

void BulkTurns::interactive_did(Work work, Duration took) {
  if (work != Work::encoder_pass) return;
  encoder_pass_ = took;
  if (!is_due()) ++passes_;
}

void BulkTurns::bulk_did(Work work, Duration took) {
  if (work == Work::none && !has_begun()) return;
  if (work == Work::encoder_pass) encoder_pass_ = took;
  taken_ += took;
  const bool goes_on = is_due() && work == Work::other && taken_ < encoder_pass_;
  if (goes_on) return;
  passes_ = 0;
  taken_ = Duration::zero();
}

}  // namespace hearth::scheduler
