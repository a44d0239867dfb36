#ifndef CHANCERY_SANDBOX_H
#define CHANCERY_SANDBOX_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

// What a child may do below a path.
enum chancery_access { CHANCERY_READ = 0, CHANCERY_WRITE = 1 };

struct chancery_rule {
  const char *path;  // passed over when nothing is there
  int access;        // chancery_access; reading includes running programs, writing includes reading
};

struct chancery_launch {
  const char *const *arguments;    // the program's absolute path first; NULL ends
  const char *const *environment;  // NULL ends
  const char *directory;           // where it starts
  int output, errors;              // its standard output and error; standard input is /dev/null
  const struct chancery_rule *rules;
  size_t rule_count;
  unsigned long long address_space, processor_seconds, file_size, open_files;  // resource limits
  bool forks;                      // whether it may make processes; threads it always may
};

// The version of the kernel's Landlock interface; 0 = it has none, and files are not confined.
int chancery_landlock_version(void);

// Starts a program that may touch only what the rules name, has no network, cannot raise its rights or limits, and dies with the calling thread.
// 0, or an error number with `*step` naming what failed (a constant string).
int chancery_launch(const struct chancery_launch *launch, pid_t *process, const char **step);

#endif
