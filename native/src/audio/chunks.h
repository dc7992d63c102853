#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "byte_source.h"

namespace hearth::audio {

/// The layout of a container's chunks: a name, a length, then that many bytes.
struct ChunkLayout {
  int64_t first_chunk;
  int length_bytes;  ///< 4 or 8
  bool big_endian;
  int alignment;
  int name_bytes = 4;  ///< 16 where names are GUIDs (Wave64), which begin with four characters as well
  bool length_counts_header = false;
};

struct Chunk {
  int64_t start;   ///< of its content
  int64_t length;  ///< as claimed; a field of ones is negative in 8 bytes, 0xffffffff in 4
  int64_t length_field;
};

/// For a RIFF (WAV) file that starts at `offset`. The rare RIFX is the same in big-endian.
ChunkLayout riff_layout(ByteSource& source, int64_t offset);

/// Skips the chunks before the named one; empty if there is none.
std::optional<Chunk> find_chunk(ByteSource& source, const ChunkLayout& layout, std::string_view name);

/// The end of the chunks that start at `offset`: the end of the file, or the start of a tag, another recording or
/// something that is not a chunk. Empty if there is none of these at `offset`.
std::optional<int64_t> end_of_chunks(ByteSource& source, const ChunkLayout& layout, int64_t offset);

/// The start of the chunks that end at `end`, after sound of unknown length from `start` on; `end` if there are none.
int64_t find_trailing_chunks(ByteSource& source, const ChunkLayout& layout, int64_t start, int64_t end);

/// Bytes per frame of samples, from the chunk `fmt ` of WAV, RF64 and Wave64; 1 without that chunk.
int64_t wave_frame_bytes(ByteSource& source, const ChunkLayout& layout);

/// The first non-zero byte from `offset` on, at most `limit` bytes after it.
int64_t skip_zeros(ByteSource& source, int64_t offset, int64_t limit);

/// Whether [start, end) only contains zeros.
bool is_all_zeros(ByteSource& source, int64_t start, int64_t end);

/// The first position of `needle` in [start, end).
std::optional<int64_t> find_bytes(ByteSource& source, std::string_view needle, int64_t start, int64_t end);

}  // namespace hearth::audio
