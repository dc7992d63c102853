#include "part_warnings.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <vector>

namespace hearth::audio {
namespace {

/// A decoder does not read further ahead than this.
constexpr int64_t kDecoderReadAheadBytes = 64 * 1024;
/// Further gaps are counted but not listed.
constexpr size_t kNamedGaps = 3;

Warning describe_gaps(const std::vector<Gap>& gaps, int sample_rate, double seconds_before) {
  const auto seconds_of = [sample_rate](int64_t frames) { return static_cast<double>(frames) / sample_rate; };
  std::string places;
  int64_t bytes = 0;
  int64_t lost_frames = 0;
  for (size_t i = 0; i < gaps.size(); ++i) {
    bytes += gaps[i].bytes;
    lost_frames += gaps[i].lost_frames;
    if (i < kNamedGaps) places += (i == 0 ? "" : ", ") + seconds_text(seconds_before + seconds_of(gaps[i].at_frame));
  }
  if (gaps.size() > kNamedGaps) places += " and in " + std::to_string(gaps.size() - kNamedGaps) + " more places";
  const bool is_short = seconds_of(lost_frames) < 0.1;
  const std::string lost = is_short ? "less than 0.1 s" : seconds_text(seconds_of(lost_frames));
  const std::string loss = lost_frames > 0 ? lost + " could not be read and became silence"
                                           : std::to_string(bytes) + " bytes there are no sound and were left out";
  Warning warning{"damaged", "The recording is damaged at " + places + ": " + loss + ". What follows was transcribed.",
                  seconds_before + seconds_of(gaps.front().at_frame)};
  if (bytes > 0) warning.bytes = bytes;
  return warning;
}

Warning describe_damage(const Part& part, const std::string& damage, double at_seconds) {
  // An Ogg decoder skips pages it cannot read and does not say where they were.
  const bool is_anywhere = part.container.layout == Layout::kOgg && part.cut.empty();
  if (is_anywhere) return {"damaged", "The recording is damaged: " + damage + ". The rest was transcribed."};
  return {"damaged",
          "The recording is damaged after " + seconds_text(at_seconds) + ": " + damage +
              ". What came before was transcribed.",
          at_seconds};
}

}  // namespace

std::string seconds_text(double seconds) {
  const auto tenths = static_cast<int64_t>(std::llround(seconds * 10));
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " s";
}

std::string find_damage(const PartReader& reader, const Part& part, int64_t frames) {
  const SoundFile& file = reader.file();
  if (!part.cut.empty()) return part.cut;
  const double rate = file.sample_rate();
  // A loss in the middle is reported with its position.
  const int64_t least_frames = part.gaps.empty() ? part.least_frames : 0;
  const int64_t expected = std::max(least_frames, file.is_mpeg() ? 0 : file.claimed_frames());
  if (frames < expected) {
    return "only " + seconds_text(static_cast<double>(frames) / rate) + " of the promised " +
           seconds_text(static_cast<double>(expected) / rate) + " could be read";
  }
  return file.failure();
}

void add_warnings(const PartReader& reader, const Part& part, double start_seconds, double end_seconds,
                  const std::string& damage, Audio& audio) {
  if (part.unclaimed_bytes > 0) {
    audio.warnings.push_back({"wrong-length",
                              "The " + part.container.name +
                                  " header gives a length that is too short: " + std::to_string(part.unclaimed_bytes) +
                                  " bytes of sound follow behind it. All of it was transcribed.",
                              std::nullopt, part.unclaimed_bytes});
  }
  const int sample_rate = reader.file().sample_rate();
  if (!part.gaps.empty()) audio.warnings.push_back(describe_gaps(part.gaps, sample_rate, start_seconds));
  if (!reader.gaps().empty()) audio.warnings.push_back(describe_gaps(reader.gaps(), sample_rate, start_seconds));
  if (!damage.empty()) audio.warnings.push_back(describe_damage(part, damage, end_seconds));
  // Only its decoder knows where a FLAC stream ends.
  const bool ends_early = part.container.layout == Layout::kFlac && damage.empty();
  if (ends_early && reader.unread_bytes() > kDecoderReadAheadBytes) {
    audio.warnings.push_back({"sound-left-out",
                              "The file goes on at " + seconds_text(end_seconds) + " with " +
                                  std::to_string(reader.unread_bytes()) +
                                  " bytes that were left out: they belong to no FLAC stream.",
                              end_seconds, reader.unread_bytes()});
  }
}

Warning describe_inversion(int channel, int channels) {
  return {"inverted-channels",
          "The channels of the recording cancel each other out when they are mixed: one of them is inverted. Channel " +
              std::to_string(channel + 1) + " of " + std::to_string(channels) +
              " was transcribed alone; the option audioChannels (--channels split) transcribes each of them."};
}

Warning describe_left_out(const Part& part, double at_seconds) {
  return {"sound-left-out",
          "The file goes on at " + seconds_text(at_seconds) + " with " + std::to_string(part.bytes.size()) +
              " bytes that were left out: " + part.container.name + ", which cannot be read there.",
          at_seconds, part.bytes.size()};
}

}  // namespace hearth::audio
