#include <algorithm>
#include <optional>

#include "byte_order.h"
#include "chunks.h"
#include "stream_parts.h"
#include "tags.h"

namespace hearth::audio {
namespace {

constexpr int kPageHeaderBytes = 27;
constexpr int kFirstPageFlag = 2;

struct Page {
  int64_t bytes;
  bool begins_stream;
};

/// Reads one page by its header and segment table (RFC 3533); empty if none starts here.
std::optional<Page> page_at(ByteSource& source, int64_t offset) {
  uint8_t header[kPageHeaderBytes + 255];
  const size_t count = source.read(offset, header, sizeof(header));
  const std::string_view text(reinterpret_cast<const char*>(header), count);
  if (count < kPageHeaderBytes || !text.starts_with(std::string_view("OggS\0", 5))) return std::nullopt;
  const int segments = header[kPageHeaderBytes - 1];
  Page page{kPageHeaderBytes + segments, (header[5] & kFirstPageFlag) != 0};
  for (size_t i = kPageHeaderBytes; i < std::min<size_t>(kPageHeaderBytes + segments, count); ++i) page.bytes += header[i];
  return page;
}

struct Link {
  int64_t start;
  int streams = 0;
  bool has_content = false;
};

Part make_part(ByteSource& source, const Link& link, int64_t end) {
  const auto known = identify_next(source, link.start);
  Container container = known.value_or(Container{"Ogg", Reader::kConverter, Layout::kOther, link.start, "ogg"});
  if (link.streams > 1) {
    // Choosing one, and its start time, needs a program that knows the others too.
    container.name = "Ogg with " + std::to_string(link.streams) + " streams";
    container.reader = Reader::kConverter;
    container.format = "ogg";
  }
  return {container, Splice(source, link.start, end), end};
}

}  // namespace

int64_t take_ogg(ByteSource& source, const Container& container, std::vector<Part>& parts) {
  Link link{container.offset};
  int64_t offset = container.offset;
  bool is_cut = false;
  while (offset < source.size()) {
    if (const auto page = page_at(source, offset)) {
      if (page->begins_stream && link.has_content) {
        parts.push_back(make_part(source, link, offset));
        link = {offset};
      }
      link.streams += page->begins_stream ? 1 : 0;
      link.has_content = link.has_content || !page->begins_stream;
      is_cut = offset + page->bytes > source.size();
      offset = std::min(offset + page->bytes, source.size());
      continue;
    }
    char mark[4] = {};
    const size_t count = source.read(offset, mark, sizeof(mark));
    is_cut = source.size() - offset < kPageHeaderBytes && std::string_view(mark, count) == std::string_view("OggS", count);
    if (is_cut) {
      offset = source.size();
    } else if (const int64_t behind_tags = skip_tags(source, offset); behind_tags > offset) {
      offset = std::min(behind_tags, source.size());
    } else if (begins_recording(source, offset)) {
      break;
    } else if (const auto next = find_bytes(source, "OggS", offset + 1, source.size())) {
      offset = *next;
    } else {
      break;
    }
  }
  parts.push_back(make_part(source, link, offset));
  if (is_cut) parts.back().cut = "the file ends in the middle of an Ogg page";
  return offset;
}

}  // namespace hearth::audio
