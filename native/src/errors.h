#pragma once

#include <stdexcept>
#include <string>
#include <utility>

namespace hearth {

/// An error with one of the codes of daemon/src/errors/error-codes.ts. In JavaScript it becomes an Error with `code`.
class Error : public std::runtime_error {
 public:
  Error(std::string code, const std::string& message, std::string format = "")
      : std::runtime_error(message), code_(std::move(code)), format_(std::move(format)) {}
  const std::string& code() const { return code_; }
  /// For AUDIO_NEEDS_CONVERSION: the kind of the file (`mp4`, `matroska`; audio/signatures.cc). Otherwise empty.
  const std::string& format() const { return format_; }

 private:
  std::string code_;
  std::string format_;
};

}  // namespace hearth
