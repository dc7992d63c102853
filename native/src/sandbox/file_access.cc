#include "file_access.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <stdexcept>

namespace hearth::sandbox {
namespace {

// From Linux's include/uapi/linux/landlock.h: a build machine's copy may be older than the running kernel.
constexpr long kCreateRuleset = 444;
constexpr long kAddRule = 445;
constexpr long kRestrictSelf = 446;
constexpr uint32_t kAskVersion = 1;
constexpr int kPathBeneath = 1;
constexpr uint64_t kExecute = 1 << 0;
constexpr uint64_t kReadFile = 1 << 2;
constexpr uint64_t kReadFolder = 1 << 3;
constexpr uint64_t kWriteFile = 1 << 1;
constexpr uint64_t kFirstVersionAccess = (1 << 13) - 1;
constexpr uint64_t kRefer = 1 << 13;
constexpr uint64_t kTruncate = 1 << 14;
constexpr uint64_t kDeviceControl = 1 << 15;
constexpr uint64_t kAllNetwork = 3;
constexpr uint64_t kAllScopes = 3;

struct Ruleset {
  uint64_t files;
  uint64_t network;
  uint64_t scopes;
};

struct __attribute__((packed)) PathRule {
  uint64_t access;
  int32_t folder;
};

/// Folders of programs and their libraries. They contain nothing of users.
constexpr const char* kSystemPaths[] = {
    "/usr",       "/bin",       "/lib",
    "/lib32",     "/lib64",     "/nix/store",
    "/gnu/store", "/snap",      "/home/linuxbrew/.linuxbrew",
    "/opt",       "/etc/ld.so.cache", "/etc/ld.so.conf",
    "/etc/ld.so.conf.d", "/etc/alternatives", "/sys/devices/system/cpu",
    "/dev/random", "/dev/urandom", "/dev/zero"};

[[noreturn]] void fail(const std::string& what) {
  throw std::runtime_error(what + ": " + std::strerror(errno));
}

size_t size_for(int version) {
  if (version < 4) return sizeof(uint64_t);
  return version < 6 ? 2 * sizeof(uint64_t) : sizeof(Ruleset);
}

uint64_t access_for(int version) {
  return kFirstVersionAccess | (version >= 2 ? kRefer : 0) | (version >= 3 ? kTruncate : 0) |
         (version >= 5 ? kDeviceControl : 0);
}

/// A missing path needs no rule.
void allow(int ruleset, const char* path, uint64_t access) {
  const int descriptor = ::open(path, O_PATH | O_CLOEXEC);
  if (descriptor < 0) return;
  struct stat status = {};
  const bool is_folder = ::fstat(descriptor, &status) == 0 && S_ISDIR(status.st_mode);
  const PathRule rule{is_folder ? access | kReadFolder : access, descriptor};
  if (::syscall(kAddRule, ruleset, kPathBeneath, &rule, 0) != 0) fail(std::string("no rule for ") + path);
  ::close(descriptor);
}

}  // namespace

int landlock_version() {
  const long version = ::syscall(kCreateRuleset, nullptr, 0, kAskVersion);
  return version < 0 ? 0 : static_cast<int>(version);
}

void allow_only_reading(const std::vector<std::string>& paths) {
  const int version = landlock_version();
  if (version == 0) return;
  const Ruleset wanted{access_for(version), kAllNetwork, kAllScopes};
  const long ruleset = ::syscall(kCreateRuleset, &wanted, size_for(version), 0);
  if (ruleset < 0) fail("no ruleset");
  const int rules = static_cast<int>(ruleset);
  for (const char* path : kSystemPaths) allow(rules, path, kReadFile | kExecute);
  allow(rules, "/dev/null", kReadFile | kWriteFile);
  for (const std::string& path : paths) allow(rules, path.c_str(), kReadFile | kExecute);
  if (::syscall(kRestrictSelf, rules, 0) != 0) fail("the ruleset was not taken");
  ::close(rules);
}

}  // namespace hearth::sandbox
