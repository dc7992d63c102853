/// Writes the sound of the microphone to its standard output until a signal or the reader ends it
/// (docs/decisions/0028-a-program-records.md):
///   hearth-microphone [--device NAME] [LIBRARY]
/// LIBRARY stands in for those of macOS in tests. The last line of standard error is a code of Hearth's and a sentence.
#include <unistd.h>

#include <cerrno>
#include <string>

#include "audio_queue_api.h"
#include "failure.h"
#include "find_device.h"
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

struct Arguments {
  std::string device;
  std::string library;
};

Arguments read_arguments(int count, char** values) {
  Arguments arguments;
  for (int i = 1; i < count; ++i) {
    const bool names_device = std::string(values[i]) == "--device" && i + 1 < count;
    (names_device ? arguments.device : arguments.library) = values[names_device ? ++i : i];
  }
  return arguments;
}

const void* device_of(const Arguments& arguments) {
  if (arguments.device.empty()) return nullptr;
  const std::string& library = arguments.library;
  return find_device(library.empty() ? DeviceLibraries{} : DeviceLibraries{library, library}, arguments.device);
}

void record(const Arguments& arguments) {
  listen_for_signals();
  const AudioQueueApi api = load_audio_queue_api(arguments.library.empty() ? kAudioToolbox : arguments.library);
  SoundRing ring;
  Microphone microphone(api, ring);
  microphone.start(device_of(arguments));
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
    record(read_arguments(count, arguments));
    return 0;
  } catch (const Failure& failure) {
    const std::string line = std::string(failure.code) + " " + failure.message + "\n";
    [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, line.data(), line.size());
    return 1;
  }
}
