#include <algorithm>

#include "byte_order.h"
#include "chunked_parts.h"
#include "sound_length.h"

namespace hearth::audio {
namespace {

/// The sound chunk starts with a count of edits.
constexpr int kEditCountBytes = 4;

int64_t read_frame_bytes(ByteSource& source, const ChunkLayout& layout) {
  const auto description = find_chunk(source, layout, "desc");
  uint8_t bytes[24];
  if (!description || source.read(description->start, bytes, sizeof(bytes)) < sizeof(bytes)) return 1;
  const bool one_frame_a_packet = big_endian_32(bytes + 20) == 1;
  return one_frame_a_packet ? std::max<int64_t>(1, big_endian_32(bytes + 16)) : 1;
}

}  // namespace

Part take_caf(ByteSource& source, const Container& container) {
  const ChunkLayout layout{container.offset + 8, 8, true, 1};
  const auto chunk = find_chunk(source, layout, "data");
  if (!chunk) return {container, Splice(source, container.offset, source.size()), source.size()};

  // -1 is the format's value for "to the end of the file".
  const int64_t claimed = chunk->length < 0 ? -1 : std::max<int64_t>(0, chunk->length - kEditCountBytes);
  const SoundLength length = measure_sound(source, {.start = chunk->start + kEditCountBytes,
                                                    .claimed_bytes = claimed,
                                                    .frame_bytes = read_frame_bytes(source, layout),
                                                    .layout = layout});
  Part part{container, Splice(source, container.offset, length.end), length.end, length.cut, 0, length.unclaimed_bytes};
  if (length.bytes != claimed) {
    part.bytes.patch(chunk->length_field - container.offset,
                     bytes_of(static_cast<uint64_t>(length.bytes + kEditCountBytes), true));
  }
  return part;
}

}  // namespace hearth::audio
