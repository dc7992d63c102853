#include "file_source.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>

#include "../errors.h"

namespace hearth::audio {
namespace {

constexpr size_t kWindowBytes = 64 * 1024;

std::string text_of(int error_number) { return std::generic_category().message(error_number); }

[[noreturn]] void throw_not_opened(const std::string& path, int error_number) {
  const std::string got = ", got \"" + text_of(error_number) + "\".";
  if (error_number == EACCES || error_number == EPERM) {
    throw Error("FILE_NOT_PERMITTED", "Expected permission to read " + path + got);
  }
  if (error_number == ENOENT || error_number == ENOTDIR || error_number == ENAMETOOLONG || error_number == ELOOP) {
    throw Error("FILE_NOT_FOUND", "Expected a recording at " + path + got);
  }
  throw Error("INTERNAL", "Expected to open " + path + got);
}

}  // namespace

FileSource::FileSource(const std::string& path) {
  // Without O_NONBLOCK, a named pipe would block the thread until somebody writes to it.
  descriptor_ = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (descriptor_ < 0) throw_not_opened(path, errno);
  require_regular_file(path);
}

FileSource::FileSource(int descriptor, const std::string& path) {
  descriptor_ = ::fcntl(descriptor, F_DUPFD_CLOEXEC, 0);
  if (descriptor_ < 0) throw_not_opened(path, errno);
  require_regular_file(path);
}

FileSource::~FileSource() { ::close(descriptor_); }

/// Closes anything else: no destructor runs when a constructor throws.
void FileSource::require_regular_file(const std::string& path) {
  struct stat status = {};
  const bool known = ::fstat(descriptor_, &status) == 0;
  if (known && S_ISREG(status.st_mode)) {
    size_ = status.st_size;
    return;
  }
  const int error_number = errno;
  ::close(descriptor_);
  if (!known) throw_not_opened(path, error_number);
  if (S_ISDIR(status.st_mode)) throw Error("FILE_IS_DIRECTORY", "Expected a recording at " + path + ", got a folder.");
  throw Error("AUDIO_UNSUPPORTED", "Expected a regular file at " + path + ", got a pipe, socket or device.");
}

size_t FileSource::read(int64_t offset, void* out, size_t count) {
  auto* bytes = static_cast<uint8_t*>(out);
  if (offset < 0) return 0;
  if (count >= kWindowBytes) return read_direct(offset, bytes, count);
  size_t done = 0;
  while (done < count) {
    const int64_t position = offset + static_cast<int64_t>(done);
    const int64_t window_end = window_offset_ + static_cast<int64_t>(window_.size());
    if (position < window_offset_ || position >= window_end) {
      window_.resize(kWindowBytes);
      window_.resize(read_direct(position, window_.data(), kWindowBytes));
      window_offset_ = position;
      if (window_.empty()) break;
    }
    const auto start = static_cast<size_t>(position - window_offset_);
    const size_t length = std::min(count - done, window_.size() - start);
    std::memcpy(bytes + done, window_.data() + start, length);
    done += length;
  }
  return done;
}

size_t FileSource::read_direct(int64_t offset, uint8_t* out, size_t count) {
  size_t done = 0;
  while (done < count) {
    const ssize_t length = ::pread(descriptor_, out + done, count - done, offset + static_cast<int64_t>(done));
    if (length < 0 && errno == EINTR) continue;
    if (length < 0) failure_ = text_of(errno);
    if (length <= 0) break;
    done += static_cast<size_t>(length);
  }
  return done;
}

}  // namespace hearth::audio
