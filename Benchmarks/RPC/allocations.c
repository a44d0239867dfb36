// Counts allocations: loaded before the C library (LD_PRELOAD), into a file of two numbers that others can read at any time (ALLOCATIONS): all of them, and
// those that OpenSSL makes.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t);

static atomic_ulong before[2];
static atomic_ulong *counted = before;

static void note(int which) { atomic_fetch_add_explicit(&counted[which], 1, memory_order_relaxed); }

void *malloc(size_t size) { note(0); return __libc_malloc(size); }
void *calloc(size_t count, size_t size) { note(0); return __libc_calloc(count, size); }
void *realloc(void *at, size_t size) { note(0); return __libc_realloc(at, size); }
void *memalign(size_t alignment, size_t size) { note(0); return __libc_memalign(alignment, size); }
void *aligned_alloc(size_t alignment, size_t size) { note(0); return __libc_memalign(alignment, size); }
int posix_memalign(void **at, size_t alignment, size_t size) {
  note(0);
  *at = __libc_memalign(alignment, size);
  return *at == NULL ? 12 : 0;
}

static void *ssl_malloc(size_t size, const char *file, int line) { (void)file; (void)line; note(1); return malloc(size); }
static void *ssl_realloc(void *at, size_t size, const char *file, int line) { (void)file; (void)line; note(1); return realloc(at, size); }
static void ssl_free(void *at, const char *file, int line) { (void)file; (void)line; free(at); }

__attribute__((constructor)) static void begin(void) {
  const char *path = getenv("ALLOCATIONS");
  int file = path == NULL ? -1 : open(path, O_RDWR | O_CREAT, 0600);
  if (file < 0 || ftruncate(file, sizeof(before)) != 0) abort();
  void *shared = mmap(NULL, sizeof(before), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  if (shared == MAP_FAILED) abort();
  counted = shared;
  close(file);
  int (*set)(void *, void *, void *) = (int (*)(void *, void *, void *))dlsym(RTLD_DEFAULT, "CRYPTO_set_mem_functions");
  if (set != NULL && set(ssl_malloc, ssl_realloc, ssl_free) != 1) abort();
}
