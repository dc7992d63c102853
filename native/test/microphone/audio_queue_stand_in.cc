/// Stands in for macOS's AudioToolbox, Core Audio and Core Foundation, as far as a recorder uses them. As Apple documents
/// Audio Queue Services, a thread of the queue fills buffers in the order they were enqueued and hands each to the
/// callback; stopping at once hands over what is filled so far, and comes back when no callback runs any more; disposing
/// stops as well. The environment says what the microphone hears:
///   STAND_IN_SOUND   a WAV file of 16 bits, over and over
///   STAND_IN_SPEED   how many times as fast as it was spoken; without it, as fast as it is taken
///   STAND_IN_STATUS  AudioQueueStart answers with it
///   STAND_IN_ENDS    no sound comes after the file's end
///   STAND_IN_DEVICES what there is, each as identifier=name, or identifier=name=out for a loudspeaker, with commas between
///   STAND_IN_LOG     a file that gets a line for the device that is set, for each stop and disposal, and when the sound
///                    was heard 128 times
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <fstream>
#include <iterator>
#include <memory>
#include <mutex>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

namespace {

constexpr int32_t kParameterError = -50;
constexpr int32_t kFormatError = 0x666d743f;
constexpr int32_t kEnqueuedTwice = -66666;
constexpr int32_t kInvalidRunState = -66678;
constexpr int32_t kEnqueueDuringReset = -66632;
constexpr size_t kHeaderBytes = 44;

struct Format {
  double rate;
  uint32_t values[8];
};

struct Buffer {
  uint32_t capacity;
  void* data;
  uint32_t size;
  void* user_data;
  uint32_t packet_capacity;
  void* packets;
  uint32_t packet_count;
};

using Callback = void (*)(void*, void*, Buffer*, const void*, uint32_t, const void*);

const char* setting(const char* name) { return std::getenv(name); }

void log(const std::string& line) {
  if (setting("STAND_IN_LOG") != nullptr) std::ofstream(setting("STAND_IN_LOG"), std::ios::app) << line << "\n";
}

class Queue {
 public:
  Queue(Callback callback, void* user_data) : callback_(callback), user_data_(user_data) {
    std::ifstream file(setting("STAND_IN_SOUND"), std::ios::binary);
    sound_.assign(std::istreambuf_iterator<char>(file), {});
    sound_.erase(sound_.begin(), sound_.begin() + kHeaderBytes);
  }

  Buffer* allocate(uint32_t bytes) {
    memory_.push_back(std::make_unique<char[]>(bytes));
    buffers_.push_back(std::make_unique<Buffer>(Buffer{bytes, memory_.back().get(), 0, nullptr, 0, nullptr, 0}));
    return buffers_.back().get();
  }

  int32_t enqueue(Buffer* buffer) {
    const std::lock_guard lock(mutex_);
    if (is_stopping_) return kEnqueueDuringReset;
    for (const Buffer* waiting : waiting_) {
      if (waiting == buffer) return kEnqueuedTwice;
    }
    waiting_.push_back(buffer);
    changed_.notify_all();
    return 0;
  }

  int32_t start() {
    if (setting("STAND_IN_STATUS") != nullptr) return std::atoi(setting("STAND_IN_STATUS"));
    if (thread_.joinable()) return kInvalidRunState;
    thread_ = std::thread([this] { run(); });
    return 0;
  }

  void stop() {
    if (!thread_.joinable()) return;
    {
      const std::lock_guard lock(mutex_);
      is_stopping_ = true;
      changed_.notify_all();
    }
    thread_.join();
  }

  /// All that the callback got.
  uint64_t handed_over_bytes() const { return handed_over_bytes_; }

 private:
  void run() {
    while (Buffer* buffer = next()) {
      fill(buffer, buffer->capacity);
      callback_(user_data_, this, buffer, nullptr, buffer->size / 2, nullptr);
      pause(buffer->size);
      if (setting("STAND_IN_ENDS") != nullptr && rounds_ > 0) wait_for_stop();
    }
    if (last_ == nullptr) return;
    fill(last_, last_->capacity / 4);
    callback_(user_data_, this, last_, nullptr, last_->size / 2, nullptr);
  }

  /// Null once it stops.
  Buffer* next() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return is_stopping_ || !waiting_.empty(); });
    Buffer* buffer = waiting_.empty() ? nullptr : waiting_.front();
    if (buffer != nullptr) waiting_.pop_front();
    if (!is_stopping_) return buffer;
    last_ = buffer;
    return nullptr;
  }

  void fill(Buffer* buffer, uint32_t bytes) {
    auto* place = static_cast<char*>(buffer->data);
    for (uint32_t byte = 0; byte < bytes; ++byte) {
      place[byte] = sound_[at_++];
      if (at_ < sound_.size()) continue;
      at_ = 0;
      if (++rounds_ == 128) log("128 rounds");
    }
    buffer->size = bytes;
    handed_over_bytes_ += bytes;
  }

  void pause(uint32_t bytes) {
    if (setting("STAND_IN_SPEED") == nullptr) return;
    const std::chrono::duration<double> duration(bytes / 32000.0 / std::atof(setting("STAND_IN_SPEED")));
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, duration, [this] { return is_stopping_; });
  }

  void wait_for_stop() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return is_stopping_; });
  }

  Callback callback_;
  void* user_data_;
  std::vector<char> sound_;
  size_t at_ = 0;
  int rounds_ = 0;
  uint64_t handed_over_bytes_ = 0;
  std::vector<std::unique_ptr<char[]>> memory_;
  std::vector<std::unique_ptr<Buffer>> buffers_;
  std::deque<Buffer*> waiting_;
  Buffer* last_ = nullptr;
  bool is_stopping_ = false;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::thread thread_;
};

struct Device {
  std::string identifier, name;
  bool is_input;
};

/// Kept as long as the program runs: its strings are handed out.
const std::vector<Device>& devices() {
  static const std::vector<Device> all = [] {
    std::vector<Device> found;
    std::istringstream list(setting("STAND_IN_DEVICES") != nullptr ? setting("STAND_IN_DEVICES") : "");
    for (std::string each; std::getline(list, each, ',');) {
      std::istringstream parts(each);
      Device device{{}, {}, true};
      std::getline(parts, device.identifier, '=');
      std::getline(parts, device.name, '=');
      device.is_input = parts.eof();
      found.push_back(device);
    }
    return found;
  }();
  return all;
}

struct Address {
  uint32_t selector, scope, element;
};

constexpr uint32_t kDevices = 0x64657623, kStreams = 0x73746d23, kName = 0x6c6e616d, kIdentifier = 0x75696420;
constexpr uint32_t kGlobal = 0x676c6f62, kInput = 0x696e7074;
constexpr int32_t kUnknownProperty = 0x77686f3f;
/// Devices are numbered from here on.
constexpr uint32_t kFirstDevice = 40;

}  // namespace

extern "C" {

int32_t AudioObjectGetPropertyDataSize(uint32_t object, const Address* address, uint32_t, const void*,
                                       uint32_t* bytes) {
  if (object == 1 && address->selector == kDevices && address->scope == kGlobal) {
    *bytes = static_cast<uint32_t>(devices().size() * sizeof(uint32_t));
    return 0;
  }
  if (object < kFirstDevice || address->selector != kStreams || address->scope != kInput) return kUnknownProperty;
  *bytes = devices()[object - kFirstDevice].is_input ? sizeof(uint32_t) : 0;
  return 0;
}

int32_t AudioObjectGetPropertyData(uint32_t object, const Address* address, uint32_t, const void*, uint32_t* bytes,
                                   void* data) {
  if (object == 1 && address->selector == kDevices && address->scope == kGlobal) {
    for (uint32_t i = 0; i < *bytes / sizeof(uint32_t); ++i) static_cast<uint32_t*>(data)[i] = kFirstDevice + i;
    return 0;
  }
  if (object < kFirstDevice || address->scope != kGlobal || *bytes != sizeof(void*)) return kUnknownProperty;
  const Device& device = devices()[object - kFirstDevice];
  if (address->selector != kName && address->selector != kIdentifier) return kUnknownProperty;
  *static_cast<const std::string**>(data) = address->selector == kName ? &device.name : &device.identifier;
  return 0;
}

uint8_t CFStringGetCString(const std::string* string, char* to, long bytes, uint32_t encoding) {
  if (encoding != 0x08000100 || static_cast<long>(string->size()) >= bytes) return 0;
  std::memcpy(to, string->c_str(), string->size() + 1);
  return 1;
}

int32_t AudioQueueSetProperty(void*, uint32_t property, const void* data, uint32_t bytes) {
  if (property != 0x61716364 || bytes != sizeof(void*)) return kParameterError;
  log("records " + **static_cast<const std::string* const*>(data));
  return 0;
}

int32_t AudioQueueNewInput(const Format* format, Callback callback, void* user_data, void*, const void*, uint32_t flags,
                           void** queue) {
  // Linear PCM, signed and packed; bytes of a packet, frames of a packet, bytes of a frame, channels, bits, and a zero.
  const uint32_t expected[8] = {0x6c70636d, 0xc, 2, 1, 2, 1, 16, 0};
  if (callback == nullptr || flags != 0) return kParameterError;
  if (format->rate != 16000 || std::memcmp(format->values, expected, sizeof(expected)) != 0) return kFormatError;
  *queue = new Queue(callback, user_data);
  return 0;
}

int32_t AudioQueueAllocateBuffer(void* queue, uint32_t bytes, Buffer** buffer) {
  *buffer = static_cast<Queue*>(queue)->allocate(bytes);
  return 0;
}

int32_t AudioQueueEnqueueBuffer(void* queue, Buffer* buffer, uint32_t, const void*) {
  return static_cast<Queue*>(queue)->enqueue(buffer);
}

int32_t AudioQueueStart(void* queue, const void*) { return static_cast<Queue*>(queue)->start(); }

int32_t AudioQueueStop(void* queue, uint8_t) {
  static_cast<Queue*>(queue)->stop();
  log("stopped after " + std::to_string(static_cast<Queue*>(queue)->handed_over_bytes()) + " bytes");
  return 0;
}

int32_t AudioQueueDispose(void* queue, uint8_t) {
  static_cast<Queue*>(queue)->stop();
  delete static_cast<Queue*>(queue);
  log("disposed");
  return 0;
}

}
