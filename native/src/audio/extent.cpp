#include "extent.h"

#include <algorithm>
#include <cstring>
#include <string_view>
#include <vector>

#include "byte_order.h"
#include "mpeg_frames.h"

namespace hearth::audio {
namespace {

/// Programs that write to a pipe cannot know the length; they claim the largest one they can, or none.
constexpr int64_t kUnknownLength = 0x7fff0000;
constexpr int kMaxChunks = 100000;
constexpr int64_t kOggPageMaxBytes = 27 + 255 + 255 * 255;
/// Gapless playback drops up to this much of the encoder's delay and padding.
constexpr int64_t kMpegTrimmedFrames = 2 * 4096 + 2 * 1152;

struct ChunkedLayout {
  int64_t first_chunk;
  int header_bytes;  ///< chunk name and length
  bool big_endian;
  std::string_view sound;
  int alignment;
};

int64_t chunk_length(const uint8_t* header, const ChunkedLayout& layout) {
  if (layout.header_bytes == 12) return static_cast<int64_t>(big_endian_64(header + 4));
  return layout.big_endian ? big_endian_32(header + 4) : little_endian_32(header + 4);
}

std::string describe_cut(int64_t promised, int64_t present) {
  return "the file promises " + std::to_string(promised) + " bytes of sound and holds " +
         std::to_string(std::max<int64_t>(present, 0));
}

/// Compares the length that the sound's chunk claims with what the file holds from there on.
std::string find_cut_chunk(FileSource& source, const ChunkedLayout& layout) {
  int64_t offset = layout.first_chunk;
  int64_t long_length = 0;
  for (int chunk = 0; chunk < kMaxChunks; ++chunk) {
    uint8_t header[24] = {};
    if (source.read(offset, header, sizeof(header)) < static_cast<size_t>(layout.header_bytes)) return "";
    const std::string_view name(reinterpret_cast<const char*>(header), 4);
    int64_t length = chunk_length(header, layout);
    const int64_t start = offset + layout.header_bytes;
    if (name == "ds64") long_length = static_cast<int64_t>(little_endian_64(header + 16));
    if (name == layout.sound) {
      const bool unknown = length <= 0 || (layout.header_bytes == 8 && length >= kUnknownLength);
      if (unknown) length = long_length;
      return length > source.size() - start && length > 0 ? describe_cut(length, source.size() - start) : "";
    }
    if (length < 0 || length > source.size() - start) return "";
    offset = start + (length + layout.alignment - 1) / layout.alignment * layout.alignment;
  }
  return "";
}

std::string find_cut_au(FileSource& source) {
  uint8_t header[12];
  if (source.read(0, header, sizeof(header)) < sizeof(header)) return "";
  const int64_t start = big_endian_32(header + 4);
  const int64_t length = big_endian_32(header + 8);
  return length < kUnknownLength && length > source.size() - start ? describe_cut(length, source.size() - start) : "";
}

/// A whole Ogg file ends with a whole page.
std::string find_cut_ogg(FileSource& source) {
  const int64_t tail_offset = std::max<int64_t>(0, source.size() - kOggPageMaxBytes);
  std::vector<uint8_t> tail(static_cast<size_t>(source.size() - tail_offset));
  tail.resize(source.read(tail_offset, tail.data(), tail.size()));
  const std::string_view text(reinterpret_cast<const char*>(tail.data()), tail.size());
  const size_t page = text.rfind("OggS");
  if (page == std::string_view::npos) return "the file ends in the middle of an Ogg page";
  const size_t table = page + 27;
  if (table > tail.size() || table + tail[page + 26] > tail.size()) return "the file ends in the middle of an Ogg page";
  size_t end = table + tail[page + 26];
  for (size_t segment = table; segment < table + tail[page + 26]; ++segment) end += tail[segment];
  return end > tail.size() ? "the file ends in the middle of an Ogg page" : "";
}

Extent measure_mpeg(FileSource& source, int64_t first_frame) {
  const MpegExtent mpeg = measure_mpeg_extent(source, first_frame);
  const int64_t frames = std::max(mpeg.frames, mpeg.promised_frames) * mpeg.samples_per_frame;
  return {mpeg.last_frame_cut ? "the file ends in the middle of an MPEG frame" : "", frames - kMpegTrimmedFrames};
}

}  // namespace

Extent measure_extent(FileSource& source, const Container& container) {
  switch (container.layout) {
    case Layout::kRiff:
    case Layout::kRf64: {
      uint8_t first[4] = {};
      source.read(0, first, sizeof(first));
      const bool big_endian = std::memcmp(first, "RIFX", 4) == 0;
      return {find_cut_chunk(source, {12, 8, big_endian, "data", 2})};
    }
    case Layout::kAiff:
      return {find_cut_chunk(source, {12, 8, true, "SSND", 2})};
    case Layout::kCaf:
      return {find_cut_chunk(source, {8, 12, true, "data", 1})};
    case Layout::kAu:
      return {find_cut_au(source)};
    case Layout::kOgg:
      return {find_cut_ogg(source)};
    case Layout::kMpeg:
      return measure_mpeg(source, container.offset);
    case Layout::kOther:
      return {};
  }
  return {};
}

}  // namespace hearth::audio
