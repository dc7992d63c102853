#include "mpeg_stream.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>
#include <string_view>

#include "byte_order.h"

namespace hearth::audio {
namespace {

/// Gapless playback drops up to this much of the encoder's delay and padding.
constexpr int64_t kTrimmedSamples = 2 * 4096 + 2 * 1152;

int64_t bytes_of_runs(const MpegStream& stream) {
  int64_t bytes = 0;
  for (const MpegRun& run : stream.runs) bytes += run.end - run.start;
  return bytes;
}

/// How a decoder reads a stream without a frame count: it uses the bit rate of the first frame.
double guessed_frames(const MpegStream& stream) {
  const double frame_bytes = stream.first.samples / 8.0 * stream.first.bits_per_second / stream.first.sample_rate;
  return static_cast<double>(bytes_of_runs(stream)) / frame_bytes;
}

/// Without a count, a gap of more frames than this may be bytes that somebody inserted.
constexpr int64_t kMaxGuessedFrames = 8;

/// Frames lost in each gap: as many as the file promised, or else as many as its bytes would hold.
std::vector<int64_t> count_lost_frames(const MpegStream& stream, int64_t promised) {
  const double frame_bytes = static_cast<double>(bytes_of_runs(stream)) / static_cast<double>(stream.frames);
  int64_t budget = std::max<int64_t>(0, promised - stream.frames);
  std::vector<int64_t> lost;
  for (const MpegHole& hole : stream.holes) {
    const auto guess = std::max<int64_t>(1, std::llround(static_cast<double>(hole.bytes) / frame_bytes));
    if (hole.before_run == 0) {
      lost.push_back(0);  // two recordings meet there
      continue;
    }
    lost.push_back(promised > 0 ? std::min(guess, budget) : guess <= kMaxGuessedFrames ? guess : 0);
    budget -= lost.back();
  }
  return lost;
}

/// A frame of silence.
std::vector<uint8_t> make_silent_frame(ByteSource& source, const MpegStream& stream) {
  constexpr int kBitRateIndex64k[] = {5, 8};
  const bool is_version_1 = stream.first.version == 1;
  uint8_t header[4] = {};
  source.read(stream.runs.front().start, header, sizeof(header));
  header[1] |= 1;  // without a checksum
  header[2] = static_cast<uint8_t>(kBitRateIndex64k[is_version_1 ? 0 : 1] << 4 | (header[2] & 0x0c));
  const auto frame = parse_mpeg_frame(header);
  if (!frame) return {};
  std::vector<uint8_t> bytes(static_cast<size_t>(frame->bytes), 0);
  std::copy(header, header + 4, bytes.begin());
  return bytes;
}

/// A frame without sound that gives the number of following frames (the Xing header).
std::vector<uint8_t> make_description(ByteSource& source, const MpegStream& stream, int64_t lost_frames) {
  std::vector<uint8_t> bytes = make_silent_frame(source, stream);
  if (bytes.empty()) return bytes;
  const bool is_version_1 = stream.first.version == 1;
  const int side_information = is_version_1 ? (stream.first.mono ? 17 : 32) : (stream.first.mono ? 9 : 17);
  const std::string_view mark("Xing\0\0\0\1", 8);
  const auto count = bytes_of(static_cast<uint32_t>(stream.frames + lost_frames), true);
  std::copy(mark.begin(), mark.end(), bytes.begin() + 4 + side_information);
  std::copy(count.begin(), count.end(), bytes.begin() + 4 + side_information + 8);
  return bytes;
}

}  // namespace

Part make_mpeg_part(ByteSource& source, const MpegStream& stream) {
  const int64_t start = stream.runs.front().start;
  const bool is_xing = stream.description && stream.description->kind == MpegDescription::Kind::kXing;
  const int64_t promised = is_xing ? stream.description->frames : 0;
  Part part{{"MP" + std::to_string(stream.first.layer), Reader::kEngine, Layout::kMpeg, start},
            Splice(source),
            stream.runs.back().end};
  const bool is_misjudged = std::abs(guessed_frames(stream) - static_cast<double>(stream.frames)) > 1;
  const bool needs_count = promised == 0 && stream.first.layer == 3 && is_misjudged;
  const std::vector<int64_t> lost = count_lost_frames(stream, promised);
  const int64_t frames = stream.frames + std::accumulate(lost.begin(), lost.end(), int64_t{0});
  int64_t skipped = 0;
  if (needs_count) {
    part.bytes.append(make_description(source, stream, frames - stream.frames));
    if (stream.description) skipped = stream.first.bytes;
  }
  size_t hole = 0;
  int64_t silent_frames = 0;
  for (size_t run = 0; run < stream.runs.size(); ++run) {
    for (; hole < stream.holes.size() && stream.holes[hole].before_run <= run; ++hole) {
      const int64_t at_frame = (stream.holes[hole].frames_before + silent_frames) * stream.first.samples;
      part.gaps.push_back({at_frame, stream.holes[hole].bytes, lost[hole] * stream.first.samples});
      for (int64_t count = 0; count < lost[hole]; ++count) part.bytes.append(make_silent_frame(source, stream));
      silent_frames += lost[hole];
    }
    part.bytes.append(stream.runs[run].start + skipped, stream.runs[run].end);
    skipped = 0;
  }
  if (promised > 0 && (promised < frames || !stream.holes.empty())) {
    part.bytes.patch(stream.description->frames_field, bytes_of(static_cast<uint32_t>(frames), true));
    if (stream.description->bytes_field > 0) {
      part.bytes.patch(stream.description->bytes_field, bytes_of(static_cast<uint32_t>(part.bytes.size()), true));
    }
  }
  part.least_frames = std::max(stream.frames, promised) * stream.first.samples - kTrimmedSamples;
  if (stream.is_cut) part.cut = "the file ends in the middle of an MPEG frame";
  return part;
}

}  // namespace hearth::audio
