#include "find_device.h"

#include <cstdint>
#include <vector>

#include "failure.h"
#include "library.h"

namespace hearth::microphone {
namespace {

/// Core Audio's objects and their properties, as Apple documents them.
using ObjectId = uint32_t;

struct PropertyAddress {
  uint32_t selector;
  uint32_t scope;
  uint32_t element;
};

constexpr ObjectId kSystem = 1;
constexpr uint32_t kGlobalScope = 0x676c6f62;  ///< 'glob'
constexpr uint32_t kInputScope = 0x696e7074;   ///< 'inpt'
constexpr PropertyAddress kDevices = {0x64657623, kGlobalScope, 0};      ///< 'dev#'
constexpr PropertyAddress kInputStreams = {0x73746d23, kInputScope, 0};  ///< 'stm#'
constexpr PropertyAddress kName = {0x6c6e616d, kGlobalScope, 0};         ///< 'lnam'
constexpr PropertyAddress kIdentifier = {0x75696420, kGlobalScope, 0};   ///< 'uid '
constexpr uint32_t kUtf8 = 0x08000100;

struct Api {
  int32_t (*get_size)(ObjectId object, const PropertyAddress* address, uint32_t qualifier_bytes, const void* qualifier,
                      uint32_t* bytes);
  int32_t (*get)(ObjectId object, const PropertyAddress* address, uint32_t qualifier_bytes, const void* qualifier,
                 uint32_t* bytes, void* data);
  uint8_t (*read_string)(MacString string, char* to, long bytes, uint32_t encoding);
};

Api load(const DeviceLibraries& libraries) {
  Api api = {};
  const Library core_audio(libraries.core_audio);
  core_audio.find("AudioObjectGetPropertyDataSize", api.get_size);
  core_audio.find("AudioObjectGetPropertyData", api.get);
  Library(libraries.core_foundation).find("CFStringGetCString", api.read_string);
  return api;
}

uint32_t size_of(const Api& api, ObjectId object, const PropertyAddress& address) {
  uint32_t bytes = 0;
  return api.get_size(object, &address, 0, nullptr, &bytes) == 0 ? bytes : 0;
}

/// Without those that went away meanwhile.
std::vector<ObjectId> devices(const Api& api) {
  uint32_t bytes = size_of(api, kSystem, kDevices);
  std::vector<ObjectId> found(bytes / sizeof(ObjectId));
  if (found.empty() || api.get(kSystem, &kDevices, 0, nullptr, &bytes, found.data()) != 0) return {};
  found.resize(bytes / sizeof(ObjectId));
  return found;
}

/// Null for a device that has none. Nobody releases it: this program ends soon.
MacString string_of(const Api& api, ObjectId device, const PropertyAddress& address) {
  MacString string = nullptr;
  uint32_t bytes = sizeof(string);
  return api.get(device, &address, 0, nullptr, &bytes, &string) == 0 ? string : nullptr;
}

std::string text_of(const Api& api, MacString string) {
  char text[512] = {};
  return string != nullptr && api.read_string(string, text, sizeof(text), kUtf8) != 0 ? text : "";
}

}  // namespace

MacString find_device(const DeviceLibraries& libraries, const std::string& name) {
  const Api api = load(libraries);
  std::string others;
  for (const ObjectId device : devices(api)) {
    if (size_of(api, device, kInputStreams) == 0) continue;
    const MacString identifier = string_of(api, device, kIdentifier);
    const std::string own = text_of(api, string_of(api, device, kName));
    if (identifier != nullptr && (name == own || name == text_of(api, identifier))) return identifier;
    others += (others.empty() ? "\"" : ", \"") + own + "\"";
  }
  const std::string there = others.empty() ? "There is none." : "There is: " + others + ".";
  throw Failure{"RECORDER_FAILED", "Expected the name of a microphone, got \"" + name + "\". " + there};
}

}  // namespace hearth::microphone
