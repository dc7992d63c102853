#include "npz.h"

#include <cstring>
#include <fstream>
#include <memory>
#include <vector>

#include "../errors.h"
#include "mlx/io.h"

namespace mx = mlx::core;

namespace hearth::weights {
namespace {

/// MLX parses `.npy` from a reader. This one gives it an archive member that is already in memory.
class MemoryReader : public mx::io::Reader {
 public:
  MemoryReader(std::vector<char> bytes, std::string label) : bytes_(std::move(bytes)), label_(std::move(label)) {}

  bool is_open() const override { return true; }
  bool good() const override { return position_ <= bytes_.size(); }
  size_t tell() override { return position_; }
  void seek(int64_t offset, std::ios_base::seekdir way) override {
    const int64_t base =
        way == std::ios_base::beg ? 0 : static_cast<int64_t>(way == std::ios_base::end ? bytes_.size() : position_);
    position_ = static_cast<size_t>(base + offset);
  }
  void read(char* data, size_t count) override {
    read(data, count, position_);
    position_ += count;
  }
  void read(char* data, size_t count, size_t offset) override {
    if (offset > bytes_.size() || count > bytes_.size() - offset) {
      throw Error("MODEL_INVALID", "Expected more bytes in " + label_ + " of the weights archive.");
    }
    std::memcpy(data, bytes_.data() + offset, count);
  }
  std::string label() const override { return label_; }

 private:
  std::vector<char> bytes_;
  std::string label_;
  size_t position_ = 0;
};

class Archive {
 public:
  explicit Archive(const std::string& path) : path_(path), file_(path, std::ios::binary) {
    file_.seekg(0, std::ios::end);
    size_ = file_ ? static_cast<uint64_t>(file_.tellg()) : 0;
  }

  std::vector<char> read(uint64_t offset, uint64_t count) {
    if (offset > size_ || count > size_ - offset) fail("it ends too early");
    std::vector<char> bytes(count);
    file_.seekg(static_cast<std::streamoff>(offset));
    file_.read(bytes.data(), static_cast<std::streamsize>(count));
    if (!file_) fail("it could not be read");
    return bytes;
  }

  uint64_t size() const { return size_; }

  [[noreturn]] void fail(const std::string& reason) const {
    throw Error("MODEL_INVALID", "Expected an uncompressed NumPy archive at " + path_ + ", but " + reason + ".");
  }

 private:
  std::string path_;
  std::ifstream file_;
  uint64_t size_ = 0;
};

/// Little-endian integers of the zip format.
template <typename T>
T number_at(const std::vector<char>& bytes, size_t offset) {
  T value{};
  if (offset + sizeof(T) > bytes.size())
    throw Error("MODEL_INVALID", "Expected a whole zip record in the weights archive.");
  std::memcpy(&value, bytes.data() + offset, sizeof(T));
  return value;
}

struct Member {
  std::string name;
  uint64_t size;
  uint64_t header_offset;
};

/// Sizes and offsets of 4 GiB and more are in the zip64 extra field, in this order, and only if the short field is
/// full.
void read_zip64(const std::vector<char>& record, size_t extra_offset, size_t extra_length, Member& member) {
  for (size_t at = extra_offset; at + 4 <= extra_offset + extra_length;) {
    const auto id = number_at<uint16_t>(record, at);
    const auto length = number_at<uint16_t>(record, at + 2);
    if (id == 1) {
      size_t field = at + 4;
      if (member.size == UINT32_MAX) {
        member.size = number_at<uint64_t>(record, field);
        field += 16;  // the compressed size follows and is the same
      }
      if (member.header_offset == UINT32_MAX) member.header_offset = number_at<uint64_t>(record, field);
    }
    at += 4 + length;
  }
}

std::vector<Member> read_directory(Archive& archive) {
  const uint64_t tail_size = std::min<uint64_t>(archive.size(), 65557);
  const auto tail = archive.read(archive.size() - tail_size, tail_size);
  size_t end = tail.size();
  for (size_t at = tail.size() < 22 ? 0 : tail.size() - 21; at-- > 0;) {
    if (std::memcmp(tail.data() + at, "PK\5\6", 4) == 0) {
      end = at;
      break;
    }
  }
  if (end == tail.size()) archive.fail("it has no zip directory");
  const auto count = number_at<uint16_t>(tail, end + 10);
  const auto directory_size = number_at<uint32_t>(tail, end + 12);
  const auto directory_offset = number_at<uint32_t>(tail, end + 16);
  const auto directory = archive.read(directory_offset, directory_size);

  std::vector<Member> members;
  size_t at = 0;
  for (int i = 0; i < count; ++i) {
    if (number_at<uint32_t>(directory, at) != 0x02014b50) archive.fail("its directory is damaged");
    if (number_at<uint16_t>(directory, at + 10) != 0) archive.fail("its members are compressed");
    const auto name_length = number_at<uint16_t>(directory, at + 28);
    const auto extra_length = number_at<uint16_t>(directory, at + 30);
    const auto comment_length = number_at<uint16_t>(directory, at + 32);
    if (at + 46 + name_length > directory.size()) archive.fail("its directory is damaged");
    Member member{std::string(directory.data() + at + 46, name_length), number_at<uint32_t>(directory, at + 24),
                  number_at<uint32_t>(directory, at + 42)};
    read_zip64(directory, at + 46 + name_length, extra_length, member);
    members.push_back(std::move(member));
    at += 46 + name_length + extra_length + comment_length;
  }
  return members;
}

}  // namespace

Tensors read_npz(const std::string& path) {
  Archive archive(path);
  Tensors arrays;
  uint64_t left = archive.size();
  for (const auto& member : read_directory(archive)) {
    // Members that share their bytes would make of a small archive more than any memory holds.
    if (member.size > left) archive.fail("its members are longer than it is");
    left -= member.size;
    const auto header = archive.read(member.header_offset, 30);
    const uint64_t data_offset =
        member.header_offset + 30 + number_at<uint16_t>(header, 26) + number_at<uint16_t>(header, 28);
    std::string name = member.name;
    if (name.ends_with(".npy")) name.resize(name.size() - 4);
    auto array = mx::load(std::make_shared<MemoryReader>(archive.read(data_offset, member.size), name));
    array.eval();
    arrays.insert_or_assign(std::move(name), std::move(array));
  }
  return arrays;
}

}  // namespace hearth::weights
