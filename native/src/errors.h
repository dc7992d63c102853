#pragma once

#include <stdexcept>
#include <string>
#include <utility>

namespace hearth {

/// An error with one of the codes of daemon/src/errors/error-codes.ts; becomes a JavaScript Error with `code`.
class Error : public std::runtime_error {
 public:
  Error(std::string code, const std::string& message, std::string format = "")
      : std::runtime_error(message), code_(std::move(code)), format_(std::move(format)) {}
  const std::string& code() const { return code_; }
  /// Of AUDIO_NEEDS_CONVERSION: what the file is (`mp4`, `matroska`; audio/signatures.cc), empty for anything else.
  const std::string& format() const { return format_; }

 private:
  std::string code_;
  std::string format_;
};

}  // namespace hearth
