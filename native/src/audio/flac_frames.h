#pragma once

#include <cstdint>
#include <optional>

#include "byte_source.h"

namespace hearth::audio {

/// The metadata of a FLAC stream (RFC 9639, section 8).
struct FlacStream {
  int64_t first_frame;  ///< where the metadata ends
  int block_samples;    ///< of every block but the last, in a stream of fixed blocks
  int channels;
  int64_t total_samples;
};

struct FlacFrame {
  int64_t offset;
  int64_t first_sample;
};

/// Empty if no FLAC stream starts here.
std::optional<FlacStream> read_flac_metadata(ByteSource& source);

/// The first frame at or after `from` that starts after the sample `after`.
std::optional<FlacFrame> find_flac_frame(ByteSource& source, const FlacStream& stream, int64_t from, int64_t after);

}  // namespace hearth::audio
