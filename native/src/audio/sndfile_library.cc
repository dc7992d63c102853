#include "sndfile_library.h"

#include <dlfcn.h>

#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string>

#include "../errors.h"
#include "audio.h"

namespace hearth::audio {
namespace {

namespace fs = std::filesystem;

#ifdef __aarch64__
constexpr const char* kArchitecture = "arm64";
#else
constexpr const char* kArchitecture = "x86_64";
#endif
#ifdef __APPLE__
constexpr const char* kExtension = ".dylib";
#else
constexpr const char* kExtension = ".so";
#endif

/// Folder of the addon or program that this code was linked into.
fs::path own_folder() {
  Dl_info info = {};
  if (::dladdr(reinterpret_cast<const void*>(&sndfile_library), &info) == 0 || info.dli_fname == nullptr) return {};
  std::error_code ignored;
  return fs::weakly_canonical(info.dli_fname, ignored).parent_path();
}

std::optional<fs::path> find_library() {
  if (const char* override_path = std::getenv("HEARTH_SNDFILE")) return override_path;
  const std::string name = std::string("libsndfile_") + kArchitecture + kExtension;
  std::error_code ignored;
  const fs::path start = own_folder();
  if (fs::exists(start / name, ignored)) return start / name;
  for (fs::path folder = start; folder.has_relative_path(); folder = folder.parent_path()) {
    const fs::path candidate = folder / "deps" / "libsndfile" / name;
    if (fs::exists(candidate, ignored)) return candidate;
  }
  return std::nullopt;
}

template <typename Function>
void bind(void* library, const char* symbol, Function& function) {
  function = reinterpret_cast<Function>(::dlsym(library, symbol));
  if (function == nullptr) {
    throw Error("ENGINE_NOT_BUILT", std::string("Expected libsndfile 1.2, got a library without ") + symbol + ".");
  }
}

sndfile::Library load_library() {
  const auto path = find_library();
  if (!path) {
    throw Error("ENGINE_NOT_BUILT", "Expected libsndfile in " + (own_folder() / "deps" / "libsndfile").string() +
                                        " or a folder above, got none. Run `npm run setup`.");
  }
  // Never closed: streams may still be open when the process ends.
  void* library = ::dlopen(path->c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) {
    throw Error("ENGINE_NOT_BUILT",
                "Expected libsndfile at " + path->string() + ", got \"" + ::dlerror() + "\". Run `npm run setup`.");
  }
  sndfile::Library functions = {};
  bind(library, "sf_open_virtual", functions.open_virtual);
  bind(library, "sf_close", functions.close);
  bind(library, "sf_readf_float", functions.read_frames);
  bind(library, "sf_command", functions.command);
  bind(library, "sf_error", functions.error);
  bind(library, "sf_version_string", functions.version);
  return functions;
}

}  // namespace

const sndfile::Library& sndfile_library() {
  static const sndfile::Library library = load_library();
  return library;
}

std::string sndfile_version() {
  try {
    return sndfile_library().version();
  } catch (const Error&) {
    return "";
  }
}

}  // namespace hearth::audio
