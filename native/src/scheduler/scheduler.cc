#include "scheduler.h"

namespace hearth::scheduler {

bool Scheduler::run_one() {
  interactive_.drop_cancelled();
  bulk_.drop_cancelled();
  if (interactive_.run_one()) return true;
  return interactive_sessions_ == 0 && bulk_.run_one();
}

}  // namespace hearth::scheduler
