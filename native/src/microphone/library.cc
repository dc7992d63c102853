#include "library.h"

#include <dlfcn.h>

#include "failure.h"

namespace hearth::microphone {

Library::Library(const std::string& path) : path_(path), handle_(::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL)) {
  if (handle_ == nullptr) throw Failure{"RECORDER_FAILED", path + ", which macOS has, cannot be loaded."};
}

void* Library::find(const char* name) const {
  void* found = ::dlsym(handle_, name);
  if (found == nullptr) throw Failure{"RECORDER_FAILED", path_ + " has no " + name + "."};
  return found;
}

}  // namespace hearth::microphone
