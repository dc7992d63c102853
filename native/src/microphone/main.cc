/// Writes the sound of the microphone to its standard output until a signal or the reader ends it
/// (docs/decisions/0028-a-program-records.md):
///   hearth-microphone [LIBRARY]
/// LIBRARY stands in for AudioToolbox in tests. The last line of standard error is a code of Hearth's and a sentence.
#include <unistd.h>

#include <cerrno>
#include <string>

#include "audio_queue_api.h"
#include "failure.h"
#include "microphone.h"
#include "sound_ring.h"
#include "wake.h"

namespace hearth::microphone {
namespace {

constexpr int kStallMs = 5000;
constexpr uint64_t kSecondBytes = uint64_t{kRate} * kSampleBytes;
/// Longer than a microphone needs to wake up.
constexpr uint64_t kSilentBytes = 3 * kSecondBytes;

/// False when nobody reads any more.
bool write_sound(SoundRing& ring) {
  for (;;) {
    size_t bytes = 0;
    const uint8_t* sound = ring.next(bytes);
    if (bytes == 0) return true;
    const ssize_t written = ::write(STDOUT_FILENO, sound, bytes);
    if (written < 0 && errno != EINTR) return false;
    if (written > 0) ring.drop(static_cast<size_t>(written));
  }
}

void record(const char* library_path) {
  listen_for_signals();
  const AudioQueueApi api = load_audio_queue_api(library_path);
  SoundRing ring;
  Microphone microphone(api, ring);
  microphone.start();
  while (!is_told_to_end()) {
    if (!wait_for_wake(kStallMs)) throw Failure{"RECORDER_FAILED", "The microphone gives no sound."};
    if (microphone.has_failed()) throw Failure{"RECORDER_FAILED", "The microphone stopped giving sound."};
    // Until then it is held back, so that another recorder can begin in its place.
    if (microphone.has_heard()) {
      if (!write_sound(ring)) return;
    } else if (microphone.recorded_bytes() >= kSilentBytes) {
      throw Failure{"RECORDER_SILENT", "The microphone gave nothing but silence for 3 s."};
    }
  }
  microphone.stop();
  if (!write_sound(ring)) return;
  const auto lost_ms = static_cast<long long>(ring.lost_bytes() * 1000 / kSecondBytes);
  if (ring.lost_bytes() > 0) {
    throw Failure{"RECORDER_OVERFLOW", std::to_string(lost_ms) + " ms of sound were lost, because nobody took them."};
  }
}

}  // namespace
}  // namespace hearth::microphone

int main(int count, char** arguments) {
  using namespace hearth::microphone;
  try {
    record(count > 1 ? arguments[1] : kAudioToolbox);
    return 0;
  } catch (const Failure& failure) {
    const std::string line = std::string(failure.code) + " " + failure.message + "\n";
    [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, line.data(), line.size());
    return 1;
  }
}
