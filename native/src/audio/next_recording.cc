#include "next_recording.h"

#include <algorithm>
#include <string>
#include <string_view>

#include "container.h"

namespace hearth::audio {
namespace {

using std::string_view_literals::operator""sv;


struct Mark {
  std::string_view bytes;
  int offset;
};

constexpr Mark kMarks[] = {
    {"WAVEfmt "sv, 8},
    {"WAVEJUNK"sv, 8},
    {"WAVEbext"sv, 8},
    {"WAVELIST"sv, 8},
    {"WAVEds64"sv, 8},
    {"AIFFCOMM"sv, 8},
    {"AIFCFVER"sv, 8},
    {"caff\0\1\0\0desc"sv, 0},
    {"fLaC\0\0\0\x22"sv, 0},
    {"fLaC\x80\0\0\x22"sv, 0},
    {"OggS\0\2\0\0\0\0\0\0\0\0"sv, 0},
};
constexpr size_t kLongestMark = 16;

}  // namespace

std::optional<int64_t> find_next_recording(ByteSource& source, int64_t start, int64_t end) {
  std::string block;
  while (start < end) {
    block.resize(static_cast<size_t>(std::min(static_cast<int64_t>(kSearchBlockBytes), end - start)));
    block.resize(source.read(start, block.data(), block.size()));
    if (block.empty()) break;
    std::optional<int64_t> nearest;
    for (const Mark& mark : kMarks) {
      for (size_t at = block.find(mark.bytes); at != std::string::npos; at = block.find(mark.bytes, at + 1)) {
        const int64_t found = start + static_cast<int64_t>(at) - mark.offset;
        if (nearest && found >= *nearest) break;
        if (found >= start && begins_recording(source, found)) nearest = found;
      }
    }
    if (nearest) return nearest;
    if (block.size() <= kLongestMark) break;
    start += static_cast<int64_t>(block.size() - kLongestMark);
  }
  return std::nullopt;
}

}  // namespace hearth::audio
