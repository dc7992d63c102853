#include "weights_writer.h"

#include <unistd.h>

#include <sstream>

#include "../errors.h"
#include "mlx/allocator.h"
#include "mlx/ops.h"
#include "write_failure.h"

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

WeightsWriter::WeightsWriter(const std::string& path, const std::vector<PlannedTensor>& tensors, Start start)
    : path_(path), file_(std::fopen(path.c_str(), start == Start::anew ? "w+b" : "r+b")) {
  if (!file_) fail_to_write(path_);
  const auto head = head_of(tensors);
  const uint64_t head_bytes = head.size();
  // Every machine that MLX runs on has the format's order of bytes.
  write(0, &head_bytes, sizeof head_bytes);
  write(sizeof head_bytes, head.data(), head.size());
  uint64_t offset = sizeof head_bytes + head.size();
  for (const auto& tensor : tensors) {
    places_.emplace(tensor.name, Place{offset, bytes_of(tensor), tensor.dtype, tensor.shape});
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

mx::array WeightsWriter::take_written(const std::string& name) {
  const auto place = places_.extract(name);
  if (place.empty()) throw Error("INTERNAL", "Expected " + name + " to be planned, got another tensor.");
  const auto& [offset, byte_count, dtype, shape] = place.mapped();
  mx::array tensor(mx::allocator::malloc(byte_count), shape, dtype);
  if (fseeko(file_.get(), static_cast<off_t>(offset), SEEK_SET) != 0 ||
      std::fread(tensor.data<char>(), 1, byte_count, file_.get()) != byte_count) {
    fail_to_write(path_);
  }
  return tensor;
}

void WeightsWriter::save() {
  if (std::fflush(file_.get()) != 0 || fsync(fileno(file_.get())) != 0) fail_to_write(path_);
}

void WeightsWriter::finish() {
  if (!places_.empty()) throw Error("INTERNAL", "Expected every tensor to be written, got none for some.");
  save();
}

void WeightsWriter::write(uint64_t offset, const void* bytes, size_t count) {
  if (fseeko(file_.get(), static_cast<off_t>(offset), SEEK_SET) != 0) fail_to_write(path_);
  if (std::fwrite(bytes, 1, count, file_.get()) != count) fail_to_write(path_);
}

}  // namespace hearth::quantize
