#pragma once

#include <string>

namespace hearth::microphone {

/// Why there is no sound, or not all: `code` is one of Hearth's error codes (daemon/src/errors/error-codes.ts).
struct Failure {
  const char* code;
  std::string message;
};

}  // namespace hearth::microphone
