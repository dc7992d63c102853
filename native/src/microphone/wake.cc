#include "wake.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>

#include "failure.h"

namespace hearth::microphone {
namespace {

/// A byte in this pipe wakes. A signal handler may write it, too.
int wake_pipe[2];
std::atomic<bool> told_to_end = false;

void end_recording(int) {
  const int kept = errno;
  told_to_end = true;
  wake();
  errno = kept;
}

}  // namespace

void listen_for_signals() {
  if (::pipe(wake_pipe) != 0) throw Failure{"RECORDER_FAILED", "No pipe can be opened."};
  for (const int end : wake_pipe) ::fcntl(end, F_SETFL, O_NONBLOCK);
  struct sigaction action = {};
  action.sa_handler = end_recording;
  action.sa_flags = SA_RESTART;
  for (const int signal : {SIGTERM, SIGINT, SIGHUP}) ::sigaction(signal, &action, nullptr);
  // Nobody reads any more: the write says so.
  action.sa_handler = SIG_IGN;
  ::sigaction(SIGPIPE, &action, nullptr);
}

void wake() {
  const char byte = 0;
  // A full pipe wakes as well.
  [[maybe_unused]] const ssize_t written = ::write(wake_pipe[1], &byte, 1);
}

bool wait_for_wake(int limit_ms) {
  pollfd waiting = {wake_pipe[0], POLLIN, 0};
  const int ready = ::poll(&waiting, 1, limit_ms);
  char bytes[256];
  while (::read(wake_pipe[0], bytes, sizeof(bytes)) > 0) continue;
  return ready != 0;
}

bool is_told_to_end() { return told_to_end; }

}  // namespace hearth::microphone
