#define _GNU_SOURCE
#include "kernels.h"
#include <sys/mman.h>

void *chancery_resize(void *memory, size_t bytes, size_t wanted) {
  void *moved = bytes == 0 ? mmap(0, wanted, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
                           : mremap(memory, bytes, wanted, MREMAP_MAYMOVE);
  return moved == MAP_FAILED ? 0 : moved;
}

void chancery_release(void *memory, size_t bytes) { munmap(memory, bytes); }
