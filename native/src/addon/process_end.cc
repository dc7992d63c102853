#include "process_end.h"

#include <signal.h>
#include <unistd.h>

#include <thread>

namespace hearth::addon {
namespace {

constexpr std::chrono::seconds kBetweenLooks{1};

[[noreturn]] void kill_self() {
  if (getpgrp() == getpid()) kill(0, SIGKILL);
  for (;;) kill(getpid(), SIGKILL);
}

}  // namespace

// The threads do not touch the process's state, so they may keep running while it ends.
void end_within(std::chrono::milliseconds grace) {
  std::thread([grace] {
    std::this_thread::sleep_for(grace);
    kill_self();
  }).detach();
}

void end_with_parent(std::chrono::milliseconds grace) {
  std::thread([grace, parent = getppid()] {
    // An orphan gets another parent at once, even in a container.
    while (getppid() == parent) std::this_thread::sleep_for(kBetweenLooks);
    std::this_thread::sleep_for(grace);
    kill_self();
  }).detach();
}

}  // namespace hearth::addon
