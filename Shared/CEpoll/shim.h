// What a loop over sockets needs of Linux and Swift's Glibc module leaves out.
#ifndef CHANCERY_EPOLL_SHIM_H
#define CHANCERY_EPOLL_SHIM_H

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

// accept4(2), which is declared for GNU sources only. The socket does not block and is closed in programs that are started.
extern int accept4(int, struct sockaddr *, socklen_t *, int);
static inline int chancery_accept(int listener, struct sockaddr *address, socklen_t *length) {
  return accept4(listener, address, length, SOCK_NONBLOCK | SOCK_CLOEXEC);
}
static inline int chancery_stream_socket(int family) { return socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0); }

// A peer that is gone is an error and no signal.
static inline ssize_t chancery_send(int descriptor, const void *bytes, size_t count) {
  return send(descriptor, bytes, count, MSG_NOSIGNAL);
}

// Processors that this process may run on (sched_getaffinity(2), which is declared for GNU sources only); 0 when that is not known.
static inline int chancery_processors(void) {
  unsigned long words[128];
  long bytes = syscall(SYS_sched_getaffinity, 0, sizeof(words), words);
  int count = 0;
  for (long word = 0; word * (long)sizeof(words[0]) < bytes; word++) count += __builtin_popcountl(words[word]);
  return count;
}

#endif
