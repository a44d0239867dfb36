// Starting a confined child. All of it happens between vfork and exec, in the child, by system calls alone: no program in between, no privilege,
// no namespace. Landlock (Linux 5.13) confines files, seccomp the system calls; both hold for whatever the program becomes.
#define _GNU_SOURCE
#include "sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

// MARK: Landlock; the numbers are the kernel's, which the headers of older distributions know in part only.

#ifndef SYS_landlock_create_ruleset
#define SYS_landlock_create_ruleset 444
#define SYS_landlock_add_rule 445
#define SYS_landlock_restrict_self 446
#endif

struct ruleset { uint64_t files, network, scopes; };
struct path_rule { uint64_t access; int32_t parent; } __attribute__((packed));

enum {
  EXECUTE = 1 << 0, WRITE_FILE = 1 << 1, READ_FILE = 1 << 2, READ_DIR = 1 << 3, REMOVE_DIR = 1 << 4, REMOVE_FILE = 1 << 5, MAKE_DIR = 1 << 7,
  MAKE_REGULAR = 1 << 8, TRUNCATE = 1 << 14, IOCTL_DEVICE = 1 << 15,
};

static const uint64_t reading = EXECUTE | READ_FILE | READ_DIR;
static const uint64_t writing = EXECUTE | READ_FILE | READ_DIR | WRITE_FILE | REMOVE_DIR | REMOVE_FILE | MAKE_DIR | MAKE_REGULAR | TRUNCATE;
static const uint64_t of_files = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE | IOCTL_DEVICE;

int chancery_landlock_version(void) {
  long version = syscall(SYS_landlock_create_ruleset, NULL, 0, 1);
  return version < 0 ? 0 : (int)version;
}

// A set that denies everything but the rules; its descriptor, or -1 with errno.
static int make_ruleset(int version, const struct chancery_rule *rules, size_t count) {
  // Versions: 1 = 13 rights of files, 2 adds moving between folders, 3 truncation, 4 TCP, 5 device control, 6 abstract sockets and signals.
  uint64_t files = (1u << 13) - 1;
  if (version >= 2) files |= 1 << 13;
  if (version >= 3) files |= TRUNCATE;
  if (version >= 5) files |= IOCTL_DEVICE;
  struct ruleset all = {files, version >= 4 ? 3 : 0, version >= 6 ? 3 : 0};
  int set = (int)syscall(SYS_landlock_create_ruleset, &all, sizeof all, 0);
  if (set < 0) return -1;
  for (size_t index = 0; index < count; index++) {
    int place = open(rules[index].path, O_PATH | O_CLOEXEC);
    if (place < 0) continue;
    uint64_t access = (rules[index].access == CHANCERY_WRITE ? writing : reading) & files;
    struct stat what;
    if (fstat(place, &what) == 0 && !S_ISDIR(what.st_mode)) access &= of_files;
    struct path_rule rule = {access, place};
    long failed = syscall(SYS_landlock_add_rule, set, 1, &rule, 0);
    int code = errno;
    close(place);
    if (failed) {
      close(set);
      errno = code;
      return -1;
    }
  }
  return set;
}

// MARK: The system calls a reader of files needs. Everything else fails with EPERM.

static const unsigned short allowed[] = {
  SYS_read, SYS_write, SYS_readv, SYS_writev, SYS_pread64, SYS_pwrite64, SYS_openat, SYS_close, SYS_close_range, SYS_fstat, SYS_newfstatat,
  SYS_statx, SYS_faccessat, SYS_faccessat2, SYS_lseek, SYS_mmap, SYS_munmap, SYS_mremap, SYS_mprotect, SYS_madvise, SYS_brk, SYS_rt_sigaction,
  SYS_rt_sigprocmask, SYS_rt_sigreturn, SYS_sigaltstack, SYS_getpid, SYS_gettid, SYS_getppid, SYS_getuid, SYS_geteuid, SYS_getgid, SYS_getegid,
  SYS_getcwd, SYS_chdir, SYS_dup, SYS_dup3, SYS_fcntl, SYS_pipe2, SYS_ppoll, SYS_pselect6, SYS_futex, SYS_sched_yield, SYS_sched_getaffinity,
  SYS_set_robust_list, SYS_rseq, SYS_set_tid_address, SYS_getrlimit, SYS_getrusage, SYS_times, SYS_clock_gettime, SYS_clock_getres,
  SYS_clock_nanosleep, SYS_nanosleep, SYS_gettimeofday, SYS_uname, SYS_sysinfo, SYS_getrandom, SYS_exit, SYS_exit_group, SYS_execve,
  SYS_unlinkat, SYS_renameat, SYS_renameat2, SYS_mkdirat, SYS_ftruncate, SYS_fsync, SYS_getdents64, SYS_readlinkat, SYS_umask, SYS_fadvise64, SYS_statfs,
  SYS_fstatfs, SYS_restart_syscall, SYS_membarrier,
#ifdef SYS_open
  SYS_open, SYS_stat, SYS_lstat, SYS_access, SYS_dup2, SYS_pipe, SYS_poll, SYS_select, SYS_time, SYS_unlink, SYS_rename, SYS_mkdir, SYS_rmdir,
  SYS_readlink, SYS_arch_prctl, SYS_getpgrp, SYS_getdents,
#endif
};
static const unsigned short processes[] = {
  SYS_wait4, SYS_waitid, SYS_setpgid, SYS_getpgid, SYS_clone,
#ifdef SYS_fork
  SYS_fork, SYS_vfork,
#endif
};

enum { COUNT_ALLOWED = sizeof allowed / sizeof *allowed, COUNT_PROCESSES = sizeof processes / sizeof *processes };

struct program {
  struct sock_filter code[2 * (COUNT_ALLOWED + COUNT_PROCESSES) + 48];
  unsigned short length;
};

static void add(struct program *p, unsigned short code, unsigned char yes, unsigned char no, uint32_t value) {
  p->code[p->length++] = (struct sock_filter){code, yes, no, value};
}
static void load(struct program *p, size_t offset) { add(p, BPF_LD | BPF_W | BPF_ABS, 0, 0, (uint32_t)offset); }
static void finish(struct program *p, uint32_t verdict) { add(p, BPF_RET | BPF_K, 0, 0, verdict); }
static void allow_all(struct program *p, const unsigned short *calls, size_t count) {
  for (size_t index = 0; index < count; index++) {
    add(p, BPF_JMP | BPF_JEQ | BPF_K, 0, 1, calls[index]);
    finish(p, SECCOMP_RET_ALLOW);
  }
}
// Allows `call` when the low half of its argument `which`, masked, is `value`; refuses it with `refusal` otherwise.
static void allow_if(struct program *p, uint32_t call, int which, uint32_t mask, uint32_t value, int refusal) {
  add(p, BPF_JMP | BPF_JEQ | BPF_K, 0, 5, call);
  load(p, offsetof(struct seccomp_data, args) + 8 * (size_t)which);  // both architectures are little-endian
  add(p, BPF_ALU | BPF_AND | BPF_K, 0, 0, mask);
  add(p, BPF_JMP | BPF_JEQ | BPF_K, 0, 1, value);
  finish(p, SECCOMP_RET_ALLOW);
  finish(p, SECCOMP_RET_ERRNO | (uint32_t)refusal);
}

#if defined(__x86_64__)
#define ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define ARCHITECTURE AUDIT_ARCH_AARCH64
#else
#error "the system calls of this architecture are not listed"
#endif

// For the process `self`, which may send signals to itself (abort does) and set limits of nobody else.
static void make_program(struct program *p, pid_t self, bool forks) {
  p->length = 0;
  load(p, offsetof(struct seccomp_data, arch));
  add(p, BPF_JMP | BPF_JEQ | BPF_K, 1, 0, ARCHITECTURE);
  finish(p, SECCOMP_RET_KILL_PROCESS);
  load(p, offsetof(struct seccomp_data, nr));
  // The x32 calls of x86-64 have numbers of their own from here on.
  add(p, BPF_JMP | BPF_JGE | BPF_K, 0, 1, 0x40000000);
  finish(p, SECCOMP_RET_KILL_PROCESS);
  allow_all(p, allowed, COUNT_ALLOWED);
  // clone3 keeps its flags in memory, where a filter cannot look: without it the C library uses clone.
  add(p, BPF_JMP | BPF_JEQ | BPF_K, 0, 1, SYS_clone3);
  finish(p, SECCOMP_RET_ERRNO | ENOSYS);
  if (forks) allow_all(p, processes, COUNT_PROCESSES);
  allow_if(p, SYS_clone, 0, CLONE_THREAD, CLONE_THREAD, EPERM);
  allow_if(p, SYS_tgkill, 0, UINT32_MAX, (uint32_t)self, EPERM);
  allow_if(p, SYS_prlimit64, 0, UINT32_MAX, 0, EPERM);
  allow_if(p, SYS_ioctl, 1, UINT32_MAX, TCGETS, ENOTTY);
  finish(p, SECCOMP_RET_ERRNO | EPERM);
}

// MARK: The child. It shares the parent's memory until exec: nothing but system calls, and writes to the structure on the parent's stack.

struct plan {
  const struct chancery_launch *launch;
  int input, ruleset;
  pid_t parent;
  struct program program;
  volatile int code;
  const char *volatile step;
};

static bool limit(int what, unsigned long long soft, unsigned long long hard) {
  struct rlimit value = {soft, hard};
  return setrlimit((__rlimit_resource_t)what, &value) == 0;
}

// exec's error number, or that of the step that failed.
static const char *confine(struct plan *plan) {
  const struct chancery_launch *launch = plan->launch;
  struct sigaction standard = {.sa_handler = SIG_DFL};
  for (int signal = 1; signal < NSIG; signal++) sigaction(signal, &standard, NULL);
  sigset_t none;
  sigemptyset(&none);
  if (setsid() < 0) return "make a session for";
  // The descriptors could be among the three that are replaced.
  int input = fcntl(plan->input, F_DUPFD, 3), output = fcntl(launch->output, F_DUPFD, 3), errors = fcntl(launch->errors, F_DUPFD, 3);
  if (dup2(input, 0) < 0 || dup2(output, 1) < 0 || dup2(errors, 2) < 0) return "connect";
  if (chdir(launch->directory) < 0) return "enter the directory of";
  if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0 || getppid() != plan->parent) return "bind to its parent";
  // SIGXCPU comes at the soft limit of processor time; at the hard one the kernel kills without telling why.
  if (!limit(RLIMIT_AS, launch->address_space, launch->address_space) ||
      !limit(RLIMIT_CPU, launch->processor_seconds, launch->processor_seconds + 1) ||
      !limit(RLIMIT_FSIZE, launch->file_size, launch->file_size) || !limit(RLIMIT_CORE, 0, 0))
    return "limit";
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0) return "bind the rights of";
  struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
  struct __user_cap_data_struct no_capabilities[2] = {{0}};
  if (syscall(SYS_capset, &header, no_capabilities) < 0) return "drop the capabilities of";
  if (plan->ruleset >= 0 && syscall(SYS_landlock_restrict_self, plan->ruleset, 0) < 0) return "confine the files of";
  if (syscall(SYS_close_range, 3, ~0u, 0) < 0 || !limit(RLIMIT_NOFILE, launch->open_files, launch->open_files)) return "limit";
  make_program(&plan->program, getpid(), launch->forks);
  struct sock_fprog filter = {plan->program.length, plan->program.code};
  sigprocmask(SIG_SETMASK, &none, NULL);
  if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) < 0) return "confine the system calls of";
  execve(launch->arguments[0], (char *const *)launch->arguments, (char *const *)launch->environment);
  return "run";
}

// Of its own, so that what the child does to its stack is not the caller's.
__attribute__((noinline)) static pid_t divide(struct plan *plan) {
  pid_t process = vfork();
  if (process == 0) {
    plan->step = confine(plan);
    plan->code = errno;
    _exit(127);
  }
  return process;
}

int chancery_launch(const struct chancery_launch *launch, pid_t *process, const char **step) {
  struct plan plan = {.launch = launch, .ruleset = -1, .parent = getpid()};
  *step = "prepare";
  int version = chancery_landlock_version();
  if (version > 0 && (plan.ruleset = make_ruleset(version, launch->rules, launch->rule_count)) < 0) return errno;
  plan.input = open("/dev/null", O_RDONLY | O_CLOEXEC);
  int failure = plan.input < 0 ? errno : 0;
  if (!failure) {
    // A handler must not run in the child, which shares this memory; signals wait until the parent goes on.
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    *process = divide(&plan);
    failure = *process < 0 ? errno : plan.code;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (plan.step) {
      *step = plan.step;
      // It has ended; nobody else will wait for it.
      if (*process > 0) {
        int status;
        while (syscall(SYS_wait4, *process, &status, 0, NULL) < 0 && errno == EINTR) {}
      }
    }
    close(plan.input);
  }
  if (plan.ruleset >= 0) close(plan.ruleset);
  return failure;
}
