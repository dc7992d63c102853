#pragma once

#include <cerrno>
#include <string>

#include "../errors.h"

namespace hearth::quantize {

/// Says by `errno` why a file could not be written: DISK_FULL, OUTPUT_NOT_WRITABLE.
[[noreturn]] inline void fail_to_write(const std::string& path) {
  const int reason = errno;
  if (reason == ENOSPC || reason == EDQUOT || reason == EFBIG) {
    throw Error("DISK_FULL", "No space is left to write " + path + ".");
  }
  throw Error("OUTPUT_NOT_WRITABLE", "Cannot write " + path + ".");
}

}  // namespace hearth::quantize
