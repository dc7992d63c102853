#include "chunks.h"

#include <algorithm>
#include <cctype>
#include <string>
#include <vector>

#include "byte_order.h"
#include "container.h"
#include "tags.h"

namespace hearth::audio {
namespace {

/// Far more than recordings have. Ends the search in a file made of empty chunks.
constexpr int kMaxChunks = 100000;
constexpr int kMaxHeaderBytes = 24;
/// How much of the file's end is searched for chunks after sound of unknown length.
constexpr int64_t kTrailingBytes = int64_t{16} << 20;
/// Up to this many zero bytes between recordings are padding.
constexpr int64_t kPaddingBytes = 4096;

struct Header {
  std::string_view name;
  Chunk chunk;
};

int header_bytes(const ChunkLayout& layout) { return layout.name_bytes + layout.length_bytes; }

int64_t read_length(const ChunkLayout& layout, const uint8_t* field) {
  if (layout.length_bytes == 4) return layout.big_endian ? big_endian_32(field) : little_endian_32(field);
  return static_cast<int64_t>(layout.big_endian ? big_endian_64(field) : little_endian_64(field));
}

std::optional<Header> header_at(ByteSource& source, const ChunkLayout& layout, int64_t offset, uint8_t* bytes) {
  const int count = header_bytes(layout);
  if (source.read(offset, bytes, count) < static_cast<size_t>(count)) return std::nullopt;
  const int64_t claimed = read_length(layout, bytes + layout.name_bytes);
  const int64_t length = layout.length_counts_header && claimed >= 0 ? claimed - count : claimed;
  return Header{{reinterpret_cast<const char*>(bytes), 4}, {offset + count, length, offset + layout.name_bytes}};
}

/// The end of the chunk's padding; empty if it is after the end of the file.
std::optional<int64_t> next_chunk(ByteSource& source, const ChunkLayout& layout, const Chunk& chunk) {
  if (chunk.length < 0 || chunk.length > source.size() - chunk.start) return std::nullopt;
  return chunk.start + (chunk.length + layout.alignment - 1) / layout.alignment * layout.alignment;
}

bool is_chunk_name(std::string_view name) {
  return std::all_of(name.begin(), name.end(), [](char character) {
    const auto code = static_cast<uint8_t>(character);
    return std::isalnum(code) != 0 || code == ' ' || code == '_' || code == '-' || code == '(' || code == ')' ||
           code == 0xa9;
  });
}

}  // namespace

ChunkLayout riff_layout(ByteSource& source, int64_t offset) {
  char form[4] = {};
  source.read(offset, form, sizeof(form));
  return {offset + 12, 4, std::string_view(form, sizeof(form)) == "RIFX", 2};
}

std::optional<Chunk> find_chunk(ByteSource& source, const ChunkLayout& layout, std::string_view name) {
  int64_t offset = layout.first_chunk;
  for (int count = 0; count < kMaxChunks; ++count) {
    uint8_t bytes[kMaxHeaderBytes];
    const auto header = header_at(source, layout, offset, bytes);
    if (!header) return std::nullopt;
    if (header->name == name) return header->chunk;
    const auto next = next_chunk(source, layout, header->chunk);
    if (!next) return std::nullopt;
    offset = *next;
  }
  return std::nullopt;
}

std::optional<int64_t> end_of_chunks(ByteSource& source, const ChunkLayout& layout, int64_t offset) {
  for (int count = 0; count < kMaxChunks; ++count) {
    if (offset >= source.size() || is_all_zeros(source, offset, source.size())) return source.size();
    for (const int64_t next : {offset, skip_zeros(source, offset, kPaddingBytes)}) {
      if (skip_tag(source, next) > next || begins_recording(source, next)) return next;
    }
    uint8_t bytes[kMaxHeaderBytes];
    const auto header = header_at(source, layout, offset, bytes);
    const auto next = header && is_chunk_name(header->name) ? next_chunk(source, layout, header->chunk) : std::nullopt;
    if (!next) return count > 0 ? std::optional(offset) : std::nullopt;
    offset = *next;
  }
  return offset;
}

int64_t find_trailing_chunks(ByteSource& source, const ChunkLayout& layout, int64_t start, int64_t end) {
  const int header = header_bytes(layout);
  const int64_t first = std::max(start, end - kTrailingBytes);
  std::vector<uint8_t> tail(static_cast<size_t>(std::max<int64_t>(0, end - first)));
  tail.resize(source.read(first, tail.data(), tail.size()));
  const auto size = static_cast<int64_t>(tail.size());
  // A nested chunk may end together with its parents, so the ends of the file and of every chunk so far count.
  std::vector<int64_t> ends{size};
  for (int64_t offset = size - header; offset >= 0 && ends.size() < kMaxHeaderBytes; --offset) {
    const uint8_t* bytes = tail.data() + offset;
    if (!is_chunk_name({reinterpret_cast<const char*>(bytes), 4})) continue;
    const int64_t length = read_length(layout, bytes + layout.name_bytes);
    if (length < 0 || length > size) continue;
    const int64_t content_end = offset + (layout.length_counts_header ? 0 : header) + length;
    const int64_t padded_end = (content_end + layout.alignment - 1) / layout.alignment * layout.alignment;
    const bool meets = std::any_of(ends.begin(), ends.end(), [content_end, padded_end](int64_t other) {
      return content_end == other || padded_end == other;
    });
    if (meets) ends.push_back(offset);
  }
  return first + *std::min_element(ends.begin(), ends.end());
}

int64_t wave_frame_bytes(ByteSource& source, const ChunkLayout& layout) {
  const auto format = find_chunk(source, layout, "fmt ");
  uint8_t bytes[14];
  if (!format || source.read(format->start, bytes, sizeof(bytes)) < sizeof(bytes)) return 1;
  return std::max(1, layout.big_endian ? bytes[12] << 8 | bytes[13] : bytes[13] << 8 | bytes[12]);
}

int64_t skip_zeros(ByteSource& source, int64_t offset, int64_t limit) {
  uint8_t block[512];
  for (const int64_t end = offset + limit; offset < end;) {
    const size_t count =
        source.read(offset, block, static_cast<size_t>(std::min<int64_t>(sizeof(block), end - offset)));
    const auto* const found = std::find_if(block, block + count, [](uint8_t byte) { return byte != 0; });
    offset += found - block;
    if (count == 0 || found != block + count) break;
  }
  return offset;
}

bool is_all_zeros(ByteSource& source, int64_t start, int64_t end) {
  std::vector<uint8_t> block;
  // The first bytes usually show that there is not only zeros.
  for (size_t wanted = 64; start < end; wanted = kSearchBlockBytes) {
    block.resize(static_cast<size_t>(std::min(static_cast<int64_t>(wanted), end - start)));
    const size_t count = source.read(start, block.data(), block.size());
    if (count == 0) return true;
    if (std::any_of(block.begin(), block.begin() + static_cast<ptrdiff_t>(count), [](uint8_t b) { return b != 0; })) {
      return false;
    }
    start += static_cast<int64_t>(count);
  }
  return true;
}

std::optional<int64_t> find_bytes(ByteSource& source, std::string_view needle, int64_t start, int64_t end) {
  std::string block;
  while (start + static_cast<int64_t>(needle.size()) <= end) {
    block.resize(static_cast<size_t>(std::min(static_cast<int64_t>(kSearchBlockBytes), end - start)));
    block.resize(source.read(start, block.data(), block.size()));
    if (block.size() < needle.size()) break;
    const size_t found = block.find(needle);
    if (found != std::string::npos) return start + static_cast<int64_t>(found);
    start += static_cast<int64_t>(block.size() - needle.size() + 1);
  }
  return std::nullopt;
}

}  // namespace hearth::audio
