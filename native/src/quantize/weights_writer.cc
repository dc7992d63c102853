#include "weights_writer.h"

#include <unistd.h>

#include <cerrno>
#include <sstream>

#include "../errors.h"
#include "mlx/ops.h"

namespace mx = mlx::core;

namespace hearth::quantize {
namespace {

const char* name_of(mx::Dtype dtype) {
  if (dtype == mx::uint32) return "U32";
  if (dtype == mx::int64) return "I64";
  if (dtype == mx::float16) return "F16";
  throw Error("INTERNAL", "Expected a tensor of halves, words or whole numbers, got another.");
}

uint64_t bytes_of(const PlannedTensor& tensor) {
  uint64_t count = mx::size_of(tensor.dtype);
  for (const int size : tensor.shape) count *= size;
  return count;
}

/// The file's head in front of its tensors: their types, shapes and places.
std::string head_of(const std::vector<PlannedTensor>& tensors) {
  std::ostringstream json;
  json << R"({"__metadata__":{"format":"mlx"})";
  uint64_t offset = 0;
  for (const auto& tensor : tensors) {
    json << ",\"" << tensor.name << R"(":{"dtype":")" << name_of(tensor.dtype) << R"(","shape":[)";
    for (size_t i = 0; i < tensor.shape.size(); ++i) json << (i ? "," : "") << tensor.shape[i];
    json << R"(],"data_offsets":[)" << offset << ',' << offset + bytes_of(tensor) << "]}";
    offset += bytes_of(tensor);
  }
  json << '}';
  std::string head = json.str();
  head.resize((head.size() + 7) / 8 * 8, ' ');
  return head;
}

}  // namespace

WeightsWriter::WeightsWriter(const std::string& path, const std::vector<PlannedTensor>& tensors)
    : path_(path), file_(std::fopen(path.c_str(), "wb")) {
  if (!file_) fail();
  const auto head = head_of(tensors);
  const uint64_t head_bytes = head.size();
  // Every machine that MLX runs on has the format's order of bytes.
  write(0, &head_bytes, sizeof head_bytes);
  write(sizeof head_bytes, head.data(), head.size());
  uint64_t offset = sizeof head_bytes + head.size();
  for (const auto& tensor : tensors) {
    places_.emplace(tensor.name, Place{offset, bytes_of(tensor)});
    offset += bytes_of(tensor);
  }
}

void WeightsWriter::put(const std::string& name, const mx::array& tensor) {
  auto bytes = mx::contiguous(tensor);
  bytes.eval();
  const auto place = places_.extract(name);
  if (place.empty() || place.mapped().byte_count != bytes.nbytes()) {
    throw Error("INTERNAL", "Expected " + name + " as it was planned, got another tensor.");
  }
  write(place.mapped().offset, bytes.data<char>(), bytes.nbytes());
}

void WeightsWriter::finish() {
  if (!places_.empty()) throw Error("INTERNAL", "Expected every tensor to be written, got none for some.");
  if (std::fflush(file_.get()) != 0 || fsync(fileno(file_.get())) != 0) fail();
}

void WeightsWriter::write(uint64_t offset, const void* bytes, size_t count) {
  if (fseeko(file_.get(), static_cast<off_t>(offset), SEEK_SET) != 0) fail();
  if (std::fwrite(bytes, 1, count, file_.get()) != count) fail();
}

void WeightsWriter::fail() const {
  const int reason = errno;
  if (reason == ENOSPC || reason == EDQUOT || reason == EFBIG) {
    throw Error("DISK_FULL", "No space is left to write " + path_ + ".");
  }
  throw Error("OUTPUT_NOT_WRITABLE", "Cannot write " + path_ + ".");
}

}  // namespace hearth::quantize
