#pragma once

#include <string>

namespace hearth::microphone {

/// A CFStringRef.
using MacString = const void*;

/// Where Core Audio and Core Foundation of macOS are.
struct DeviceLibraries {
  std::string core_audio = "/System/Library/Frameworks/CoreAudio.framework/CoreAudio";
  std::string core_foundation = "/System/Library/Frameworks/CoreFoundation.framework/CoreFoundation";
};

/// What an audio queue calls the microphone of this name, or of this identifier. Throws Failure, which names those that
/// there are.
MacString find_device(const DeviceLibraries& libraries, const std::string& name);

}  // namespace hearth::microphone
