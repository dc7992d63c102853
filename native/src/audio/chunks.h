#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "file_source.h"

namespace hearth::audio {

/// How a container lines up its chunks: a four-character name, a length, then that many bytes.
struct ChunkLayout {
  int64_t first_chunk;
  int length_bytes;  ///< 4 or 8
  bool big_endian;
  int alignment;
};

struct Chunk {
  int64_t start;   ///< of its content
  int64_t length;  ///< as claimed; a field of ones is negative in 8 bytes, 0xffffffff in 4
  int64_t length_field;
};

/// Of a RIFF (WAV) file that begins at `offset`; the rare RIFX is the same in big-endian.
ChunkLayout riff_layout(FileSource& source, int64_t offset);

/// Walks over the chunks before the one named; empty when there is none.
std::optional<Chunk> find_chunk(FileSource& source, const ChunkLayout& layout, std::string_view name);

}  // namespace hearth::audio
