#pragma once

#include <stdexcept>
#include <string>
#include <utility>

namespace hearth {

/// An error with one of the codes of daemon/src/errors/error-codes.ts; becomes a JavaScript Error with `code`.
class Error : public std::runtime_error {
 public:
  Error(std::string code, const std::string& message) : std::runtime_error(message), code_(std::move(code)) {}
  const std::string& code() const { return code_; }

 private:
  std::string code_;
};

}  // namespace hearth
