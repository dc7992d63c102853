#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "byte_source.h"

namespace hearth::audio {

/// How a container lines up its chunks: a name, a length, then that many bytes.
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

/// Of a RIFF (WAV) file that begins at `offset`; the rare RIFX is the same in big-endian.
ChunkLayout riff_layout(ByteSource& source, int64_t offset);

/// Walks over the chunks before the one named; empty when there is none.
std::optional<Chunk> find_chunk(ByteSource& source, const ChunkLayout& layout, std::string_view name);

/// Where the chunks that begin at `offset` end: at the end of the file, or where a tag, another recording or what is no
/// chunk begins. Empty when what lies at `offset` is none of these.
std::optional<int64_t> end_of_chunks(ByteSource& source, const ChunkLayout& layout, int64_t offset);

/// Where the chunks begin that end together with `end`, in sound of unknown length from `start` on; `end` without any.
int64_t find_trailing_chunks(ByteSource& source, const ChunkLayout& layout, int64_t start, int64_t end);

/// Bytes of one frame of samples, as the chunk `fmt ` of WAV, RF64 and Wave64 says; 1 without that chunk.
int64_t wave_frame_bytes(ByteSource& source, const ChunkLayout& layout);

/// The first byte from `offset` on that is not zero, `limit` bytes behind it at most.
int64_t skip_zeros(ByteSource& source, int64_t offset, int64_t limit);

/// Whether nothing but zeros lies in [start, end).
bool is_all_zeros(ByteSource& source, int64_t start, int64_t end);

/// Where `needle` is found first in [start, end).
std::optional<int64_t> find_bytes(ByteSource& source, std::string_view needle, int64_t start, int64_t end);

}  // namespace hearth::audio
