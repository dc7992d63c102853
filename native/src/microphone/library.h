#pragma once

#include <string>

namespace hearth::microphone {

/// A library that is loaded at run time, so that nothing of Apple's is needed to link.
class Library {
 public:
  /// Throws Failure.
  explicit Library(const std::string& path);

  /// Throws Failure for a name that it does not have.
  template <typename Function>
  void find(const char* name, Function& function) const {
    function = reinterpret_cast<Function>(find(name));
  }

 private:
  void* find(const char* name) const;

  std::string path_;
  void* handle_;
};

}  // namespace hearth::microphone
