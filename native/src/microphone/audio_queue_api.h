#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace hearth::microphone {

/// What Audio Queue Services of macOS is called with, as Apple documents it. No header of Apple's is needed.
using Status = int32_t;
using AudioQueue = void*;

struct AudioStreamBasicDescription {
  double sample_rate;
  uint32_t format_id;
  uint32_t format_flags;
  uint32_t bytes_per_packet;
  uint32_t frames_per_packet;
  uint32_t bytes_per_frame;
  uint32_t channels_per_frame;
  uint32_t bits_per_channel;
  uint32_t reserved;
};

struct AudioQueueBuffer {
  uint32_t capacity_bytes;
  void* sound;
  uint32_t sound_bytes;
  void* user_data;
  uint32_t packet_description_capacity;
  void* packet_descriptions;
  uint32_t packet_description_count;
};

static_assert(sizeof(void*) == 8);
static_assert(sizeof(AudioStreamBasicDescription) == 40 && offsetof(AudioStreamBasicDescription, format_id) == 8);
static_assert(offsetof(AudioQueueBuffer, sound) == 8 && offsetof(AudioQueueBuffer, sound_bytes) == 16);
static_assert(offsetof(AudioQueueBuffer, user_data) == 24 && sizeof(AudioQueueBuffer) == 56);

/// 'lpcm'
inline constexpr uint32_t kLinearPcm = 0x6c70636d;
inline constexpr uint32_t kSignedInteger = 1u << 2;
inline constexpr uint32_t kPacked = 1u << 3;

/// 'aqcd', a CFStringRef
inline constexpr uint32_t kCurrentDevice = 0x61716364;

inline constexpr Status kCannotStart = -66681;
inline constexpr Status kInvalidDevice = -66680;
inline constexpr Status kPermissions = -66676;

/// Called with a filled buffer, on a thread of the queue.
using AudioQueueInputCallback = void (*)(void* user_data, AudioQueue queue, AudioQueueBuffer* buffer,
                                         const void* start_time, uint32_t packet_count,
                                         const void* packet_descriptions);

struct AudioQueueApi {
  Status (*new_input)(const AudioStreamBasicDescription* format, AudioQueueInputCallback callback, void* user_data,
                      void* run_loop, const void* run_loop_mode, uint32_t flags, AudioQueue* queue);
  Status (*set_property)(AudioQueue queue, uint32_t property, const void* data, uint32_t bytes);
  Status (*allocate_buffer)(AudioQueue queue, uint32_t bytes, AudioQueueBuffer** buffer);
  Status (*enqueue_buffer)(AudioQueue queue, AudioQueueBuffer* buffer, uint32_t packet_count, const void* packets);
  Status (*start)(AudioQueue queue, const void* start_time);
  Status (*stop)(AudioQueue queue, uint8_t is_immediate);
  Status (*dispose)(AudioQueue queue, uint8_t is_immediate);
};

inline constexpr const char* kAudioToolbox = "/System/Library/Frameworks/AudioToolbox.framework/AudioToolbox";

/// Throws Failure.
AudioQueueApi load_audio_queue_api(const std::string& library_path);

}  // namespace hearth::microphone
