#include <algorithm>
#include <cstring>
#include <random>
#include <string>
#include <vector>

#include "../../src/audio/chunks.h"
#include "../../src/audio/splice.h"
#include "laws.h"

namespace hearth::audio {
namespace {

using Bytes = std::vector<uint8_t>;

class Memory : public ByteSource {
 public:
  explicit Memory(Bytes bytes) : bytes_(std::move(bytes)) {}
  int64_t size() const override { return static_cast<int64_t>(bytes_.size()); }
  size_t read(int64_t offset, void* out, size_t count) override {
    if (offset < 0 || offset >= size()) return 0;
    const size_t done = std::min(count, bytes_.size() - static_cast<size_t>(offset));
    std::memcpy(out, bytes_.data() + offset, done);
    return done;
  }
  const std::string& failure() const override { return failure_; }

 private:
  Bytes bytes_;
  std::string failure_;
};

Bytes random_bytes(std::mt19937& random, size_t count) {
  Bytes bytes(count);
  std::generate(bytes.begin(), bytes.end(), [&random] { return static_cast<uint8_t>(random()); });
  return bytes;
}

/// Compares splices of random pieces, with patches, with the same bytes joined by hand.
std::vector<std::string> reads_as_put_together() {
  std::vector<std::string> broken;
  std::mt19937 random(7);
  for (int round = 0; round < 500; ++round) {
    const Bytes whole = random_bytes(random, 1 + random() % 300);
    Memory source(whole);
    Splice splice(source);
    Bytes expected;
    for (size_t pieces = random() % 6; pieces > 0; --pieces) {
      if (random() % 3 == 0) {
        const Bytes own = random_bytes(random, random() % 20);
        splice.append(own);
        expected.insert(expected.end(), own.begin(), own.end());
      } else {
        const size_t start = random() % whole.size();
        const size_t end = start + random() % (whole.size() - start + 1);
        splice.append(static_cast<int64_t>(start), static_cast<int64_t>(end));
        expected.insert(expected.end(), whole.begin() + static_cast<ptrdiff_t>(start),
                        whole.begin() + static_cast<ptrdiff_t>(end));
      }
    }
    if (expected.size() > 4) {
      const size_t position = random() % (expected.size() - 4);
      const Bytes patch = random_bytes(random, 4);
      splice.patch(static_cast<int64_t>(position), patch);
      std::copy(patch.begin(), patch.end(), expected.begin() + static_cast<ptrdiff_t>(position));
    }
    const auto offset = static_cast<int64_t>(random() % (expected.size() + 2));
    Bytes got(1 + random() % 400);
    got.resize(splice.read(offset, got.data(), got.size()));
    const int64_t rest = std::max<int64_t>(0, static_cast<int64_t>(expected.size()) - offset);
    const Bytes part(expected.end() - rest, expected.end() - rest + std::min<int64_t>(rest, got.size()));
    if (splice.size() != static_cast<int64_t>(expected.size()) || got != part) {
      broken.push_back("round " + std::to_string(round));
    }
  }
  return broken;
}

/// Chunks at the end of random sound are found by their end.
std::vector<std::string> finds_trailing_chunks() {
  std::vector<std::string> broken;
  std::mt19937 random(11);
  for (int round = 0; round < 200; ++round) {
    Bytes bytes = random_bytes(random, 2 * (1 + random() % 2000));
    const auto sound = static_cast<int64_t>(bytes.size());
    const size_t chunks = random() % 4;
    for (size_t i = 0; i < chunks; ++i) {
      const Bytes content = random_bytes(random, random() % 500);
      const auto length = static_cast<uint32_t>(content.size());
      for (const char code : {'L', 'I', 'S', 'T'}) bytes.push_back(static_cast<uint8_t>(code));
      for (int byte = 0; byte < 4; ++byte) bytes.push_back(static_cast<uint8_t>(length >> 8 * byte));
      bytes.insert(bytes.end(), content.begin(), content.end());
      if (length % 2 != 0) bytes.push_back(0);
    }
    Memory source(bytes);
    const int64_t found = find_trailing_chunks(source, {0, 4, false, 2}, 0, source.size());
    if (found != sound) broken.push_back("round " + std::to_string(round) + ": " + std::to_string(found - sound));
  }
  return broken;
}

}  // namespace

std::vector<Law> splice_laws() {
  return {
      {"a splice reads as its pieces put together by hand, from any place on", reads_as_put_together},
      {"the chunks behind sound of unknown length are found, however many there are", finds_trailing_chunks},
  };
}

}  // namespace hearth::audio
