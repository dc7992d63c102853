#pragma once

#include <cstdint>
#include <optional>

#include "file_source.h"

namespace hearth::audio {

/// One MPEG audio frame by its four-byte header (ISO 11172-3, 13818-3 and the 2.5 extension), layers I to III.
struct MpegFrame {
  int version;  ///< 1, 2, or 25 for 2.5
  int layer;
  int sample_rate;
  int samples;  ///< per channel
  int bytes;
  bool mono;
};

/// Empty for what is no header, and for free-format streams.
std::optional<MpegFrame> parse_mpeg_frame(const uint8_t header[4]);

/// Where the ID3v2 tags at the beginning of a file end; 0 without one.
int64_t skip_id3_tags(FileSource& source);

/// Offset of the first of several frames in a row, at `start` or at most 64 KiB behind it.
std::optional<int64_t> find_first_mpeg_frame(FileSource& source, int64_t start);

/// What walking over all frames of a file finds.
struct MpegExtent {
  int64_t frames = 0;
  int samples_per_frame = 0;
  /// Frames that the Xing or Info header promises, itself counted; 0 when there is none.
  int64_t promised_frames = 0;
  bool last_frame_cut = false;
};

MpegExtent measure_mpeg_extent(FileSource& source, int64_t first_frame);

}  // namespace hearth::audio
