#include "extent.h"

#include <algorithm>
#include <cctype>
#include <string_view>
#include <vector>

#include "byte_order.h"
#include "chunks.h"
#include "mpeg_frames.h"

namespace hearth::audio {
namespace {

/// Programs that write to a pipe cannot know the length; they claim the largest one they can.
constexpr int64_t kUnknownLength = 0x7fff0000;
constexpr int64_t kOggPageMaxBytes = 27 + 255 + 255 * 255;
/// Gapless playback drops up to this much of the encoder's delay and padding.
constexpr int64_t kMpegTrimmedFrames = 2 * 4096 + 2 * 1152;

std::string describe_cut(int64_t promised, int64_t present) {
  if (promised <= present) return "";
  return "the file promises " + std::to_string(promised) + " bytes of sound and holds " +
         std::to_string(std::max<int64_t>(present, 0));
}

template <typename Unsigned>
std::vector<uint8_t> bytes_of(Unsigned value, bool big_endian) {
  std::vector<uint8_t> bytes(sizeof(value));
  for (size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<uint8_t>(value >> 8 * i);
  if (big_endian) std::reverse(bytes.begin(), bytes.end());
  return bytes;
}

bool starts_chunk(FileSource& source, int64_t offset, const ChunkLayout& layout) {
  uint8_t header[8];
  if (source.read(offset, header, sizeof(header)) < sizeof(header)) return false;
  const uint32_t length = layout.big_endian ? big_endian_32(header + 4) : little_endian_32(header + 4);
  const bool has_name = std::all_of(header, header + 4, [](uint8_t code) { return std::isprint(code) != 0; });
  return has_name && length <= source.size() - offset - 8;
}

Extent measure_riff(FileSource& source, const Container& container) {
  const ChunkLayout layout = riff_layout(source, container.offset);
  const auto sound = find_chunk(source, layout, "data");
  if (!sound) return {};
  const int64_t present = source.size() - sound->start;
  if (sound->length == 0) {
    // A recorder that was switched off writes its sound but never the length of it.
    const bool unfinished = present > 0 && !starts_chunk(source, sound->start, layout);
    if (!unfinished) return {};
    const auto length = static_cast<uint32_t>(std::min<int64_t>(present, kUnknownLength));
    return {"", 0, Correction{sound->length_field, bytes_of(length, layout.big_endian)}};
  }
  if (sound->length < kUnknownLength) return {describe_cut(sound->length, present)};
  const auto long_lengths = find_chunk(source, layout, "ds64");
  uint8_t sizes[16];
  if (!long_lengths || source.read(long_lengths->start, sizes, sizeof(sizes)) < sizeof(sizes)) return {};
  return {describe_cut(static_cast<int64_t>(little_endian_64(sizes + 8)), present)};
}

Extent measure_aiff(FileSource& source, const Container& container) {
  const auto sound = find_chunk(source, {container.offset + 12, 4, true, 2}, "SSND");
  if (!sound || sound->length >= kUnknownLength) return {};
  return {describe_cut(sound->length, source.size() - sound->start)};
}

/// libsndfile opens no CAF file that is shorter than it says.
Extent measure_caf(FileSource& source, const Container& container) {
  const auto sound = find_chunk(source, {container.offset + 8, 8, true, 1}, "data");
  if (!sound) return {};
  const int64_t present = source.size() - sound->start;
  Extent extent{describe_cut(sound->length, present)};
  const auto length = static_cast<uint64_t>(present);
  if (!extent.cut.empty()) extent.length_correction = Correction{sound->length_field, bytes_of(length, true)};
  return extent;
}

Extent measure_au(FileSource& source, const Container& container) {
  uint8_t header[12];
  if (source.read(container.offset, header, sizeof(header)) < sizeof(header)) return {};
  const int64_t start = container.offset + big_endian_32(header + 4);
  const int64_t length = big_endian_32(header + 8);
  return {length < kUnknownLength ? describe_cut(length, source.size() - start) : ""};
}

/// A whole Ogg file ends with a whole page.
Extent measure_ogg(FileSource& source) {
  const int64_t tail_offset = std::max<int64_t>(0, source.size() - kOggPageMaxBytes);
  std::vector<uint8_t> tail(static_cast<size_t>(source.size() - tail_offset));
  tail.resize(source.read(tail_offset, tail.data(), tail.size()));
  const size_t page = std::string_view(reinterpret_cast<const char*>(tail.data()), tail.size()).rfind("OggS");
  const size_t table = page + 27;
  bool whole = page != std::string_view::npos && table <= tail.size() && table + tail[page + 26] <= tail.size();
  if (whole) {
    size_t end = table + tail[page + 26];
    for (size_t segment = table; segment < table + tail[page + 26]; ++segment) end += tail[segment];
    whole = end <= tail.size();
  }
  return {whole ? "" : "the file ends in the middle of an Ogg page"};
}

Extent measure_mpeg(FileSource& source, const Container& container) {
  const MpegExtent mpeg = measure_mpeg_extent(source, container.offset);
  const int64_t frames = std::max(mpeg.frames, mpeg.promised_frames) * mpeg.samples_per_frame;
  return {mpeg.last_frame_cut ? "the file ends in the middle of an MPEG frame" : "", frames - kMpegTrimmedFrames};
}

}  // namespace

Extent measure_extent(FileSource& source, const Container& container) {
  switch (container.layout) {
    case Layout::kRiff:
      return measure_riff(source, container);
    case Layout::kAiff:
      return measure_aiff(source, container);
    case Layout::kCaf:
      return measure_caf(source, container);
    case Layout::kAu:
      return measure_au(source, container);
    case Layout::kOgg:
      return measure_ogg(source);
    case Layout::kMpeg:
      return measure_mpeg(source, container);
    case Layout::kOther:
      return {};
  }
  return {};
}

}  // namespace hearth::audio
