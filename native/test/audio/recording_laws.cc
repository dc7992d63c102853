#include "../../src/audio/recording.h"

#include "laws.h"

namespace hearth::audio {
namespace {

/// The sound ends before the recording is whole: until then its listeners hear the rest.
std::vector<std::string> is_known_once_it_is_reached() {
  std::vector<std::string> broken;
  const std::vector<int16_t> samples(1000);
  for (const size_t wanted : {size_t{1}, samples.size(), 2 * samples.size()}) {
    Recording recording(true);
    bool is_reached = false;
    recording.when_known(wanted, [&] { is_reached = true; });
    recording.sound().tell(samples, samples.size() / 2);
    if (is_reached != recording.is_known_until(wanted)) broken.push_back("half: " + std::to_string(wanted));
    recording.sound().end(samples);
    if (!is_reached || !recording.is_known_until(wanted)) broken.push_back("all: " + std::to_string(wanted));
  }
  return broken;
}

}  // namespace

std::vector<Law> recording_laws() {
  return {{"samples that a recording was asked for are known once it says so", is_known_once_it_is_reached}};
}

}  // namespace hearth::audio
