#pragma once

namespace hearth::microphone {

/// Makes SIGTERM, SIGINT and SIGHUP end the recording. Throws Failure.
void listen_for_signals();
/// From any thread: the waiting one has something to do.
void wake();
/// Until `wake` or a signal; false if neither came in time.
bool wait_for_wake(int limit_ms);
bool is_told_to_end();

}  // namespace hearth::microphone
