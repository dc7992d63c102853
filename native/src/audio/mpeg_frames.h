#pragma once

#include <cstdint>
#include <optional>

#include "byte_source.h"

namespace hearth::audio {

/// One MPEG audio frame by its four-byte header (ISO 11172-3, 13818-3 and the 2.5 extension), layers I to III.
struct MpegFrame {
  int version;  ///< 1, 2, or 25 for 2.5
  int layer;
  int sample_rate;
  int samples;  ///< per channel
  int bytes;
  int bits_per_second;
  bool mono;
};

/// Empty if it is not a header, and for free-format streams.
std::optional<MpegFrame> parse_mpeg_frame(const uint8_t header[4]);

std::optional<MpegFrame> mpeg_frame_at(ByteSource& source, int64_t offset);

/// Whether both can belong to the same stream.
bool same_mpeg_stream(const MpegFrame& a, const MpegFrame& b);

/// Whether several frames of one stream follow each other from `offset` on, or fewer before the end of the file.
bool starts_mpeg_frames(ByteSource& source, int64_t offset);

/// Offset of the first full row of frames that starts in [start, end).
std::optional<int64_t> find_mpeg_frames(ByteSource& source, int64_t start, int64_t end);

/// Offset of the first of several consecutive frames, at most 64 KiB after `start`.
std::optional<int64_t> find_first_mpeg_frame(ByteSource& source, int64_t start);

/// A frame without sound that describes the following frames.
struct MpegDescription {
  enum class Kind { kXing, kVbri } kind;
  /// Position in the frame, and value, of the number of frames that follow; 0 if there is none.
  int frames_field;
  int64_t frames;
  /// The same for the number of bytes.
  int bytes_field;
};

std::optional<MpegDescription> describes_mpeg_stream(ByteSource& source, int64_t offset, const MpegFrame& frame);

}  // namespace hearth::audio
