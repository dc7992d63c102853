#include "chunks.h"

#include "byte_order.h"

namespace hearth::audio {
namespace {

/// Far above what recordings have; ends the walk through a file that is made of empty chunks.
constexpr int kMaxChunks = 100000;
constexpr int kNameBytes = 4;

}  // namespace

ChunkLayout riff_layout(FileSource& source, int64_t offset) {
  char form[4] = {};
  source.read(offset, form, sizeof(form));
  return {offset + 12, 4, std::string_view(form, sizeof(form)) == "RIFX", 2};
}

std::optional<Chunk> find_chunk(FileSource& source, const ChunkLayout& layout, std::string_view name) {
  const int header_bytes = kNameBytes + layout.length_bytes;
  int64_t offset = layout.first_chunk;
  for (int chunk = 0; chunk < kMaxChunks; ++chunk) {
    uint8_t header[12] = {};
    if (source.read(offset, header, header_bytes) < static_cast<size_t>(header_bytes)) return std::nullopt;
    const uint8_t* field = header + kNameBytes;
    const int64_t length = layout.length_bytes == 8 ? static_cast<int64_t>(big_endian_64(field))
                           : layout.big_endian      ? big_endian_32(field)
                                                    : little_endian_32(field);
    const int64_t start = offset + header_bytes;
    if (std::string_view(reinterpret_cast<const char*>(header), kNameBytes) == name) {
      return Chunk{start, length, offset + kNameBytes};
    }
    if (length < 0 || length > source.size() - start) return std::nullopt;
    offset = start + (length + layout.alignment - 1) / layout.alignment * layout.alignment;
  }
  return std::nullopt;
}

}  // namespace hearth::audio
