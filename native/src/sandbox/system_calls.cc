#include "system_calls.h"

#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include <cerrno>
#include <cstddef>
#include <vector>

namespace hearth::sandbox {
namespace {

#if defined(__x86_64__)
constexpr unsigned kArchitecture = AUDIT_ARCH_X86_64;
#elif defined(__aarch64__)
constexpr unsigned kArchitecture = AUDIT_ARCH_AARCH64;
#else
#error "No seccomp filter for this architecture."
#endif

/// On x86-64, numbers from here on mean the same calls again (x32).
constexpr unsigned kSecondNumbering = 0x40000000;

/// Calls that no converter needs.
constexpr unsigned kRefused[] = {
    __NR_socket,          __NR_socketpair,        __NR_connect,          __NR_bind,        __NR_listen,
    __NR_accept,          __NR_accept4,           __NR_ptrace,           __NR_process_vm_readv,
    __NR_process_vm_writev, __NR_open_by_handle_at, __NR_mount,          __NR_umount2,     __NR_pivot_root,
    __NR_chroot,          __NR_unshare,           __NR_setns,            __NR_bpf,         __NR_perf_event_open,
    __NR_userfaultfd,     __NR_add_key,           __NR_request_key,      __NR_keyctl,      __NR_init_module,
    __NR_finit_module,    __NR_delete_module,     __NR_kexec_load,       __NR_reboot,      __NR_swapon,
    __NR_swapoff,         __NR_acct,              __NR_syslog,           __NR_settimeofday, __NR_clock_settime,
    __NR_sethostname,     __NR_setdomainname,     __NR_quotactl,         __NR_personality,
    425 /* io_uring_setup */, 438 /* pidfd_getfd */};

}  // namespace

bool refuse_system_calls() {
  std::vector<sock_filter> program = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, arch)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, kArchitecture, 1, 0),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS),
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, kSecondNumbering, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS),
  };
  for (const unsigned number : kRefused) {
    program.push_back(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, number, 0, 1));
    program.push_back(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM));
  }
  program.push_back(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW));
  const sock_fprog filter{static_cast<unsigned short>(program.size()), program.data()};
  return ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) == 0;
}

}  // namespace hearth::sandbox
