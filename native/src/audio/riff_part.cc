#include <algorithm>
#include <optional>
#include <string_view>

#include "byte_order.h"
#include "chunked_parts.h"
#include "sound_length.h"

namespace hearth::audio {
namespace {

constexpr int64_t kLargestLength = 0xfffffff0;
constexpr int kSizesBytes = 28;  // of a ds64 chunk: RIFF length, sound length, frames, an empty table

/// A 32-bit RIFF header cannot hold this length; RF64's can.
Part as_rf64(ByteSource& source, const Container& container, const Chunk& sound, const SoundLength& length) {
  Part part{container, Splice(source)};
  const auto append_text = [&part](std::string_view text) { part.bytes.append({text.begin(), text.end()}); };
  append_text("RF64\xff\xff\xff\xffWAVEds64");
  part.bytes.append(bytes_of<uint32_t>(kSizesBytes, false));
  const int64_t header_bytes = sound.start - container.offset + 8 + kSizesBytes;
  part.bytes.append(bytes_of(static_cast<uint64_t>(header_bytes + length.bytes - 8), false));
  part.bytes.append(bytes_of(static_cast<uint64_t>(length.bytes), false));
  part.bytes.append(std::vector<uint8_t>(kSizesBytes - 16, 0));
  part.bytes.append(container.offset + 12, sound.length_field);
  part.bytes.append(std::vector<uint8_t>(4, 0xff));
  part.bytes.append(sound.start, sound.start + length.bytes);
  return part;
}

/// The minimum that a decoder needs from a file whose chunks of odd length have no pad byte.
Part without_odd_chunks(ByteSource& source, const Container& container, const ChunkLayout& layout, const Chunk& sound,
                        const SoundLength& length) {
  constexpr int kChunkHeaderBytes = 8;
  Part part{container, Splice(source)};
  part.bytes.append(container.offset, layout.first_chunk);
  if (const auto format = find_chunk(source, layout, "fmt ")) {
    part.bytes.append(format->start - kChunkHeaderBytes, format->start + format->length);
    if (format->length % 2 != 0) part.bytes.append(std::vector<uint8_t>(1, 0));
  }
  part.bytes.append(sound.start - kChunkHeaderBytes, sound.length_field);
  part.bytes.append(bytes_of(static_cast<uint32_t>(length.bytes), layout.big_endian));
  part.bytes.append(sound.start, sound.start + length.bytes);
  return part;
}

struct LongLengths {
  int64_t start;
  int64_t sound_bytes;
};

std::optional<LongLengths> read_long_lengths(ByteSource& source, const ChunkLayout& layout) {
  const auto chunk = find_chunk(source, layout, "ds64");
  uint8_t sizes[16];
  if (!chunk || source.read(chunk->start, sizes, sizeof(sizes)) < sizeof(sizes)) return std::nullopt;
  return LongLengths{chunk->start, static_cast<int64_t>(little_endian_64(sizes + 8))};
}

}  // namespace

Part take_riff(ByteSource& source, const Container& container) {
  ChunkLayout layout = riff_layout(source, container.offset);
  auto sound = find_chunk(source, layout, "data");
  if (!sound) {
    layout.alignment = 1;
    sound = find_chunk(source, layout, "data");
  }
  if (!sound) return {container, Splice(source, container.offset, source.size()), source.size()};

  uint8_t outer[4] = {};
  source.read(container.offset + 4, outer, sizeof(outer));
  const int64_t outer_length = layout.big_endian ? big_endian_32(outer) : little_endian_32(outer);
  const auto long_lengths = read_long_lengths(source, layout);
  const bool is_long = long_lengths && sound->length == 0xffffffff;
  const SoundLength length =
      measure_sound(source, {.start = sound->start,
                             .claimed_bytes = is_long ? long_lengths->sound_bytes : sound->length,
                             .frame_bytes = wave_frame_bytes(source, layout),
                             // A difference of one byte is a missing pad byte.
                             .is_whole = std::abs(container.offset + 8 + outer_length - source.size()) <= 1,
                             .layout = layout});

  const auto with_findings = [&](Part part) {
    part.end = length.end;
    part.cut = length.cut;
    part.unclaimed_bytes = length.unclaimed_bytes;
    return part;
  };
  const int64_t claimed = is_long ? long_lengths->sound_bytes : sound->length;
  if (!is_long && length.bytes > kLargestLength && length.bytes != claimed) {
    return with_findings(as_rf64(source, container, *sound, length));
  }
  if (layout.alignment == 1) return with_findings(without_odd_chunks(source, container, layout, *sound, length));
  Part part{container, Splice(source, container.offset, length.end)};
  if (is_long && length.bytes != claimed) {
    const int64_t outer_bytes = length.end - container.offset - 8;
    part.bytes.patch(long_lengths->start - container.offset, bytes_of(static_cast<uint64_t>(outer_bytes), false));
    part.bytes.patch(long_lengths->start + 8 - container.offset, bytes_of(static_cast<uint64_t>(length.bytes), false));
  } else if (length.bytes != claimed) {
    part.bytes.patch(sound->length_field - container.offset,
                     bytes_of(static_cast<uint32_t>(length.bytes), layout.big_endian));
  }
  return with_findings(std::move(part));
}

}  // namespace hearth::audio
