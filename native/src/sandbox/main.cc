/// Runs a converter of recordings in a sandbox (docs/decisions/0012-converters-in-a-sandbox.md):
///   hearth-sandbox [--read PATH]… [--memory BYTES] [--cpu SECONDS] -- PROGRAM ARGUMENT…
///   hearth-sandbox --describe
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "file_access.h"
#include "system_calls.h"

namespace hearth::sandbox {
namespace {

constexpr int kNotConfined = 125;
constexpr int kNotStarted = 127;
constexpr rlim_t kOpenFiles = 64;

struct Request {
  std::vector<std::string> readable;
  rlim_t memory_bytes = RLIM_INFINITY;
  rlim_t cpu_seconds = RLIM_INFINITY;
  char** command = nullptr;
};

Request read_arguments(char** argument) {
  Request request;
  for (; *argument != nullptr; argument += 2) {
    const std::string_view name = *argument;
    if (name == "--") {
      request.command = argument + 1;
      break;
    }
    if (argument[1] == nullptr) throw std::runtime_error("a value is missing");
    if (name == "--read") {
      request.readable.emplace_back(argument[1]);
    } else if (name == "--memory") {
      request.memory_bytes = std::stoull(argument[1]);
    } else if (name == "--cpu") {
      request.cpu_seconds = std::stoull(argument[1]);
    } else {
      throw std::runtime_error("unknown option");
    }
  }
  if (request.command == nullptr || *request.command == nullptr) throw std::runtime_error("no program is named");
  return request;
}

void limit(int resource, rlim_t value) {
  rlimit limits = {};
  ::getrlimit(static_cast<__rlimit_resource_t>(resource), &limits);
  if (limits.rlim_max < value) value = limits.rlim_max;
  limits = {value, value};
  if (::setrlimit(static_cast<__rlimit_resource_t>(resource), &limits) != 0) {
    throw std::runtime_error(std::string("a limit was not taken: ") + std::strerror(errno));
  }
}

void confine(const Request& request) {
  // The process that requested the conversion is gone.
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) throw std::runtime_error("privileges cannot be given up");
  limit(RLIMIT_CORE, 0);
  limit(RLIMIT_FSIZE, 0);
  limit(RLIMIT_NOFILE, kOpenFiles);
  limit(RLIMIT_CPU, request.cpu_seconds);
  limit(RLIMIT_AS, request.memory_bytes);
  allow_only_reading(request.readable);
  refuse_system_calls();
}

int describe() {
  const int version = landlock_version();
  ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  const bool has_seccomp = refuse_system_calls();
  std::printf("{\"landlockVersion\":%d,\"hasSeccomp\":%s}\n", version, has_seccomp ? "true" : "false");
  return 0;
}

}  // namespace
}  // namespace hearth::sandbox

int main(int count, char** arguments) {
  using namespace hearth::sandbox;
  if (count == 2 && std::string_view(arguments[1]) == "--describe") return describe();
  try {
    const Request request = read_arguments(arguments + 1);
    confine(request);
    ::execv(*request.command, request.command);
    std::fprintf(stderr, "hearth-sandbox: %s\n", std::strerror(errno));
    return kNotStarted;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "hearth-sandbox: %s\n", error.what());
    return kNotConfined;
  }
}
