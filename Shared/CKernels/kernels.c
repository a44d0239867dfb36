#include "kernels.h"
#include <string.h>

// A product and a sum must round alike at every level.
#pragma STDC FP_CONTRACT OFF

typedef uint32_t row __attribute__((vector_size(16)));
typedef uint32_t row8 __attribute__((vector_size(32)));
typedef uint32_t row16 __attribute__((vector_size(64)));
typedef uint64_t keys8 __attribute__((vector_size(64)));
typedef _Bool bits8 __attribute__((ext_vector_type(8)));
typedef _Bool bits16 __attribute__((ext_vector_type(16)));

// Longer lists are merged; in shorter ones each value is looked for by comparing sixteen at a time.
#define CHANCERY_SHORT 48
// So many or more are looked for in a block by comparing them with one another.
#define MANY_WANTED 32

// Where a candidate's positions of a term are.
typedef struct {
  // When its whole block has been read: its positions, and the sum before them.
  const uint32_t *values;
  uint32_t before, frequency;
  // Otherwise as the kernel `positions` takes them, and where from the heads on its first chunk begins.
  const uint8_t *heads;
  long room, total, first, offset;
  int is_good;
} chancery_spot;

static inline row load_row(const uint8_t *bytes) {
  row value;
  memcpy(&value, bytes, 16);
  return value;
}

static inline uint32_t load32(const uint8_t *bytes) {
  uint32_t value;
  memcpy(&value, bytes, 4);
  return value;
}

static inline uint64_t load64(const uint8_t *bytes) {
  uint64_t value;
  memcpy(&value, bytes, 8);
  return value;
}

// 64 bits from bit `place` on.
static inline uint64_t load_bits(const uint8_t *bytes, long place) {
  const uint8_t *from = bytes + (place >> 3);
  int shift = (int)(place & 7);
  uint64_t low = load64(from) >> shift;
  return shift ? low | (uint64_t)from[8] << (64 - shift) : low;
}

// Packing is fastest in plain C.
#define PACK(values, width, bytes) pack_0(values, width, bytes)

#define LEVEL(name) name##_0
#define TARGET
#define WIDE 0
#define GATHERING(name) LEVEL(name)
#define DEPOSIT(bits, mask) deposit(bits, mask)
// What the instruction pdep does: the low bits of `bits` go to the set bits of `mask` in turn.
static inline uint64_t deposit(uint64_t bits, uint64_t mask) {
  uint64_t result = 0;
  while (bits && mask) {
    uint64_t lowest = mask & -mask;
    if (bits & 1) result |= lowest;
    bits >>= 1;
    mask ^= lowest;
  }
  return result;
}
#include "level.h"
#undef LEVEL
#undef TARGET

#if defined(__x86_64__)
#include <immintrin.h>

#define LEVEL(name) name##_1
#define TARGET __attribute__((target("sse4.2,popcnt")))
#include "level.h"
#undef LEVEL
#undef TARGET
#undef DEPOSIT

#define LEVEL(name) name##_2
#define TARGET __attribute__((target("avx2,bmi,bmi2,lzcnt,popcnt")))
#define DEPOSIT(bits, mask) _pdep_u64(bits, mask)
#include "level.h"
#undef LEVEL
#undef TARGET

#undef WIDE
#undef GATHERING

#define LEVEL(name) name##_3
#define WIDE 1
#define GATHERING(name) name##_2
#define TARGET __attribute__((target("avx2,bmi,bmi2,lzcnt,popcnt,avx512f,avx512bw,avx512vl,avx512dq,avx512vbmi,avx512vpopcntdq")))
#include "level.h"
#endif

void chancery_prefetch(const chancery_reader *reader, const uint32_t *documents, const uint32_t *numbers, long count) {
  const chancery_postings *own = &reader->postings;
  if (own->dense) {
    for (long i = 0; i < count; i++) {
      long group = documents[i] / CHANCERY_GROUP;
      __builtin_prefetch(own->base + (documents[i] >> 6) * 8);
      __builtin_prefetch(own->base + own->offsets + group * 4);
      __builtin_prefetch(own->base + own->position_offsets + group * 4);
    }
  } else if (own->blocks == 1) {
    return;
  }
  // Of a dense term's positions more than the heads is asked for when it is known which.
  long bytes = own->dense ? 64 : 192;
  uint32_t last = ~0u;
  for (long i = 0; i < count; i++) {
    uint32_t block = own->dense ? documents[i] / CHANCERY_GROUP : reader->places[numbers[i]] / CHANCERY_BLOCK;
    if (block == last) continue;
    last = block;
    const uint8_t *postings = own->base + load32(own->base + own->offsets + block * 4l);
    const uint8_t *heads = own->positions + load32(own->base + own->position_offsets + block * 4l);
    chancery_ask(postings, own->dense ? 320 : 192);
    chancery_ask(heads, bytes);
  }
}

long chancery_split(const uint32_t *places, long count, const uint32_t *starts, const uint32_t *hints, uint32_t *documents, uint32_t *frequencies,
                    uint32_t *gaps) {
  // No branch but one that is seldom taken: whether a document is a new one cannot be guessed.
  long held = -1, first = 0;
  uint32_t current = ~0u, last = 0;
  for (long i = 0; i < count; i++) {
    uint32_t place = places[i], document = hints[place / CHANCERY_PLACES];
    document += starts[document + 1] <= place;
    while (__builtin_expect(starts[document + 1] <= place, 0)) document++;
    int is_new = document != current;
    held += is_new;
    first = is_new ? i : first;
    gaps[i] = place - (is_new ? starts[document] : last);
    documents[held] = current = document;
    frequencies[held] = (uint32_t)(i + 1 - first);
    last = place;
  }
  return held + 1;
}

const chancery_kernels *chancery_kernels_at(int level) {
  if (level == 0) return &kernels_0;
#if defined(__x86_64__)
  int sse = __builtin_cpu_supports("sse4.2") && __builtin_cpu_supports("popcnt");
  int avx2 = sse && __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2");
  int avx512 = avx2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") &&
               __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vbmi") && __builtin_cpu_supports("avx512vpopcntdq");
  if (level == 1 && sse) return &kernels_1;
  if (level == 2 && avx2) return &kernels_2;
  if (level == 3 && avx512) return &kernels_3;
#endif
  return 0;
}

const chancery_kernels *chancery_kernels_best(void) {
  for (int level = 3; level > 0; level--)
    if (chancery_kernels_at(level)) return chancery_kernels_at(level);
  return &kernels_0;
}
