// The kernels of one level: LEVEL names them, TARGET says what the compiler may use, DEPOSIT is pdep; WIDE is 1 where vectors have 64 bytes, and
// GATHERING names those that look up much.

TARGET static void LEVEL(pack)(const uint32_t *values, int width, uint8_t *bytes) {
  uint32_t rows[33 * 4];
  memset(rows, 0, sizeof rows);
  for (int k = 0; k < 32; k++) {
    int bit = k * width, word = bit >> 5, shift = bit & 31;
    for (int lane = 0; lane < 4; lane++) {
      uint64_t value = (uint64_t)values[k * 4 + lane] << shift;
      rows[word * 4 + lane] |= (uint32_t)value;
      rows[(word + 1) * 4 + lane] |= (uint32_t)(value >> 32);
    }
  }
  memcpy(bytes, rows, 16 * (size_t)width);
}

// Row k of a block; `width` is a constant wherever this is inlined, so that shifts and masks are too.
TARGET static inline __attribute__((always_inline)) row LEVEL(unpack_row)(const uint8_t *bytes, int k, int width) {
  int bit = k * width, word = bit >> 5, shift = bit & 31;
  row value = load_row(bytes + word * 16) >> shift;
  if (shift + width > 32) value |= load_row(bytes + word * 16 + 16) << (32 - shift);
  return width == 32 ? value : value & ((1u << (width & 31)) - 1);
}

TARGET static inline __attribute__((always_inline)) void LEVEL(unpack_all)(const uint8_t *bytes, int width, uint32_t *values) {
#pragma clang loop unroll(full)
  for (int k = 0; k < 32; k++) {
    row value = LEVEL(unpack_row)(bytes, k, width);
    memcpy(values + k * 4, &value, 16);
  }
}

TARGET static inline __attribute__((always_inline)) void LEVEL(unpack_sums)(const uint8_t *bytes, int width, uint32_t previous, uint32_t last,
                                                                             uint32_t *values) {
#if WIDE
  const row16 zero = {}, steps = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};
  row16 sum = zero + previous, limit = zero + last;
#pragma clang loop unroll(full)
  for (int k = 0; k < 32; k += 4) {
    row16 value = zero;
    if (width > 0) {
      row8 low = __builtin_shufflevector(LEVEL(unpack_row)(bytes, k, width), LEVEL(unpack_row)(bytes, k + 1, width), 0, 1, 2, 3, 4, 5, 6, 7);
      row8 high = __builtin_shufflevector(LEVEL(unpack_row)(bytes, k + 2, width), LEVEL(unpack_row)(bytes, k + 3, width), 0, 1, 2, 3, 4, 5, 6, 7);
      value = __builtin_shufflevector(low, high, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
      value += __builtin_shufflevector(zero, value, 0, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30);
      value += __builtin_shufflevector(zero, value, 0, 1, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29);
      value += __builtin_shufflevector(zero, value, 0, 1, 2, 3, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27);
      value += __builtin_shufflevector(zero, value, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23);
    }
    value += sum + steps;
    row16 low = (row16)(value < limit), kept = (value & low) | (limit & ~low);
    memcpy(values + k * 4, &kept, 64);
    sum = __builtin_shufflevector(value, value, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15);
  }
#else
  row sum = {previous, previous, previous, previous}, zero = {0, 0, 0, 0};
  row limit = {last, last, last, last};
#pragma clang loop unroll(full)
  for (int k = 0; k < 32; k++) {
    row value = width == 0 ? zero + 1 : LEVEL(unpack_row)(bytes, k, width) + 1;
    value += __builtin_shufflevector(zero, value, 0, 4, 5, 6);
    value += __builtin_shufflevector(zero, value, 0, 1, 4, 5);
    sum += value;
    row low = (row)(sum < limit), kept = (sum & low) | (limit & ~low);
    memcpy(values + k * 4, &kept, 16);
    sum = __builtin_shufflevector(sum, sum, 3, 3, 3, 3);
  }
#endif
}

#define WIDTHS(F) \
  F(1) F(2) F(3) F(4) F(5) F(6) F(7) F(8) F(9) F(10) F(11) F(12) F(13) F(14) F(15) F(16) F(17) F(18) F(19) F(20) F(21) F(22) F(23) F(24) \
  F(25) F(26) F(27) F(28) F(29) F(30) F(31) F(32)

TARGET static void LEVEL(unpack)(const uint8_t *bytes, int width, uint32_t *values) {
  switch (width) {
#define CASE(w) case w: LEVEL(unpack_all)(bytes, w, values); return;
    WIDTHS(CASE)
#undef CASE
    default: memset(values, 0, CHANCERY_BLOCK * 4);
  }
}

TARGET static void LEVEL(unpack_documents)(const uint8_t *bytes, int width, uint32_t previous, uint32_t last, uint32_t *documents) {
  switch (width) {
#define CASE(w) case w: LEVEL(unpack_sums)(bytes, w, previous, last, documents); return;
    WIDTHS(CASE)
#undef CASE
    default: LEVEL(unpack_sums)(bytes, 0, previous, last, documents);
  }
}
#undef WIDTHS

TARGET static void LEVEL(unpack_tail)(const uint8_t *bytes, int width, uint32_t previous, uint32_t last, int count, uint32_t *documents) {
  uint64_t mask = (1ull << width) - 1;
  for (int i = 0; i < count; i++) {
    long bit = (long)i * width;
    previous += (uint32_t)(load64(bytes + (bit >> 3)) >> (bit & 7) & mask) + 1;
    documents[i] = previous < last ? previous : last;
  }
  for (int i = count; i < CHANCERY_BLOCK; i++) documents[i] = ~0u;
}

#if WIDE
#define LANES 16
#define ROTATED(v, n) __builtin_shufflevector(v, v, n, (n + 1) % 16, (n + 2) % 16, (n + 3) % 16, (n + 4) % 16, (n + 5) % 16, (n + 6) % 16, (n + 7) % 16, (n + 8) % 16, \
                                              (n + 9) % 16, (n + 10) % 16, (n + 11) % 16, (n + 12) % 16, (n + 13) % 16, (n + 14) % 16, (n + 15) % 16)
typedef row16 LEVEL(lanes);
typedef bits16 LEVEL(bits);
typedef uint16_t LEVEL(mask);
#else
#define LANES 8
#define ROTATED(v, n) __builtin_shufflevector(v, v, n, (n + 1) % 8, (n + 2) % 8, (n + 3) % 8, (n + 4) % 8, (n + 5) % 8, (n + 6) % 8, (n + 7) % 8)
typedef row8 LEVEL(lanes);
typedef bits8 LEVEL(bits);
typedef uint8_t LEVEL(mask);
#endif

// The numbers from `one` on, as many as there are lanes, that are among as many from `other` on: a bit each.
TARGET static inline __attribute__((always_inline)) uint32_t LEVEL(common)(const uint32_t *one, const uint32_t *other) {
  LEVEL(lanes) a, b;
  memcpy(&a, one, sizeof a);
  memcpy(&b, other, sizeof b);
  LEVEL(lanes) found = (LEVEL(lanes))(a == b);
#define NEXT(n) found |= (LEVEL(lanes))(a == ROTATED(b, n));
  NEXT(1) NEXT(2) NEXT(3) NEXT(4) NEXT(5) NEXT(6) NEXT(7)
#if WIDE
  NEXT(8) NEXT(9) NEXT(10) NEXT(11) NEXT(12) NEXT(13) NEXT(14) NEXT(15)
#endif
#undef NEXT
  LEVEL(bits) equal = __builtin_convertvector(found != 0, LEVEL(bits));
  LEVEL(mask) mask;
  memcpy(&mask, &equal, sizeof mask);
  return mask;
}
#undef ROTATED

// Which of the numbers from `from` on is `value`, which one is.
TARGET static inline __attribute__((always_inline)) uint32_t LEVEL(lane_of)(const uint32_t *from, uint32_t value) {
  LEVEL(lanes) all;
  memcpy(&all, from, sizeof all);
  LEVEL(bits) equal = __builtin_convertvector(all == (LEVEL(lanes)){} + value, LEVEL(bits));
  LEVEL(mask) mask;
  memcpy(&mask, &equal, sizeof mask);
  return (uint32_t)__builtin_ctz(mask);
}

// The kernel `find` where many are looked for: as many as there are lanes, of both, are compared with one another. Returns how many were looked at; the last
// few may be left.
TARGET static inline long LEVEL(find_many)(const uint32_t *wanted, long count, const uint32_t *block, uint32_t last, uint32_t number, uint32_t first,
                                           uint32_t *kept, uint32_t *places, long *held) {
  long i = 0, j = 0;
  uint32_t done = 0;
  while (i + LANES <= count && j < CHANCERY_BLOCK && wanted[i] <= last) {
    // In a damaged block a number may come twice.
    uint32_t found = LEVEL(common)(wanted + i, block + j) & ~done;
    done |= found;
    for (; found; found &= found - 1) {
      long lane = __builtin_ctz(found);
      if (wanted[i + lane] > last) break;
      kept[*held] = number + (uint32_t)(i + lane);
      places[*held] = first + (uint32_t)j + LEVEL(lane_of)(block + j, wanted[i + lane]);
      (*held)++;
    }
    uint32_t top = wanted[i + LANES - 1], other = block[j + LANES - 1];
    if (top > last && other >= last) {
      j = CHANCERY_BLOCK;
      break;
    }
    i += top <= other ? LANES : 0;
    done = top <= other ? 0 : done;
    j += other <= top ? LANES : 0;
  }
  // Those that are not over its last have met all of the block.
  if (j == CHANCERY_BLOCK) while (i < count && wanted[i] <= last) i++;
  return i;
}
#undef LANES

TARGET static long LEVEL(find)(const uint32_t *wanted, long count, const uint32_t *block, uint32_t last, uint32_t number, uint32_t first,
                               uint32_t *kept, uint32_t *places, long *looked) {
  long held = 0, i = 0;
  if (count > MANY_WANTED && wanted[MANY_WANTED] <= last) i = LEVEL(find_many)(wanted, count, block, last, number, first, kept, places, &held);
  row8 tops;
  for (int i = 0; i < 8; i++) tops[i] = block[16 * i + 15];
  for (; i < count && wanted[i] <= last; i++) {
    uint32_t value = wanted[i];
    bits8 below = __builtin_convertvector(tops < (row8){} + value, bits8);
    uint8_t parts;
    memcpy(&parts, &below, 1);
    long part = 16 * (__builtin_popcount(parts) & 7);
    row16 own;
    memcpy(&own, block + part, 64);
    bits16 equal = __builtin_convertvector(own == (row16){} + value, bits16);
    uint16_t found;
    memcpy(&found, &equal, 2);
    kept[held] = number + (uint32_t)i;
    places[held] = first + (uint32_t)part + (uint32_t)__builtin_ctz(found | 0x10000u);
    held += found != 0;
  }
  *looked = i;
  return held;
}

TARGET static void LEVEL(gather)(uint32_t *values, const uint32_t *places, long count) {
  for (long i = 0; i < count; i++) values[i] = values[places[i]];
}

TARGET static inline long LEVEL(bits_between)(const uint8_t *bytes, long first, long count) {
  long sum = 0;
  for (; count > 0; count -= 64, first += 64) {
    uint64_t bits = load_bits(bytes, first);
    if (count < 64) bits &= (1ull << count) - 1;
    sum += __builtin_popcountll(bits);
  }
  return sum;
}

// The same for up to 128 bits, without a branch.
TARGET static inline __attribute__((always_inline)) long LEVEL(few_bits_between)(const uint8_t *bytes, long first, long count) {
  uint64_t low = load_bits(bytes, first), high = load_bits(bytes, first + 64);
  low &= count < 64 ? (1ull << count) - 1 : ~0ull;
  high &= count < 128 ? (1ull << (count < 64 ? 0 : count - 64)) - 1 : ~0ull;
  return __builtin_popcountll(low) + __builtin_popcountll(high);
}

TARGET static uint32_t LEVEL(frequency)(const uint8_t *planes, int width, int count, int more, int rank) {
  if (width == 0 || !(planes[rank >> 3] >> (rank & 7) & 1)) return 1;
  uint32_t frequency = 2;
  if (width == 1) return frequency;
  long place = count + (count <= CHANCERY_BLOCK ? LEVEL(few_bits_between)(planes, 0, rank) : LEVEL(bits_between)(planes, 0, rank));
  for (int plane = 0; plane < width - 1; plane++, place += more) frequency += (uint32_t)(planes[place >> 3] >> (place & 7) & 1) << plane;
  return frequency;
}

// The frequency of posting `rank`, and the sum of those before it.
TARGET static inline long LEVEL(locate)(const uint8_t *planes, int width, int count, int more, int rank, uint32_t *frequency) {
  *frequency = 1;
  if (width == 0) return rank;
  long over = count <= CHANCERY_BLOCK ? LEVEL(few_bits_between)(planes, 0, rank) : LEVEL(bits_between)(planes, 0, rank);
  long sum = rank + over, place = count;
  uint32_t is_over = planes[rank >> 3] >> (rank & 7) & 1, rest = 0;
  for (int plane = 0; plane < width - 1; plane++, place += more) {
    if (over < 57) {
      uint64_t bits = load64(planes + (place >> 3)) >> (place & 7);
      sum += (long)__builtin_popcountll(bits & ((1ull << over) - 1)) << plane;
      rest |= (uint32_t)(bits >> over & 1) << plane;
    } else {
      sum += LEVEL(bits_between)(planes, place, over) << plane;
      rest |= (uint32_t)(planes[(place + over) >> 3] >> ((place + over) & 7) & 1) << plane;
    }
  }
  *frequency += is_over ? 1 + rest : 0;
  return sum;
}

TARGET static int LEVEL(group_ranks)(const uint64_t *words, int count, uint32_t *before) {
  int sum = 0;
  for (int i = 0; i < count; i++) {
    before[i] = (uint32_t)sum;
    sum += __builtin_popcountll(words[i]);
  }
  return sum;
}

// The frequencies less one of up to 64 postings, set bits of `word`, as aligned planes: returns how many. `rank` is the first one's number.
TARGET static inline __attribute__((always_inline)) int LEVEL(aligned_planes)(uint64_t word, const uint8_t *planes, int width, int total, int more,
                                                                              int rank, uint64_t *over, uint64_t *aligned) {
  *over = 0;
  if (width == 0) return 0;
  *over = DEPOSIT(load_bits(planes, rank), word);
  if (*over == 0 || width == 1) return 0;
  long before = LEVEL(bits_between)(planes, 0, rank);
  for (int plane = 0; plane < width - 1; plane++) aligned[plane] = DEPOSIT(load_bits(planes, total + (long)plane * more + before), *over);
  return width - 1;
}

// The frequencies of half a range; lanes without a posting are 1.
TARGET static inline __attribute__((always_inline)) void LEVEL(half_frequencies)(uint64_t over, const uint64_t *aligned, int used, int half,
                                                                                 int32_t *f) {
  uint32_t first = (uint32_t)(over >> half);
  for (int i = 0; i < 32; i++) f[i] = 1 + (int32_t)(first >> i & 1);
  for (int plane = 0; plane < used; plane++) {
    uint32_t bits = (uint32_t)(aligned[plane] >> half);
    for (int i = 0; i < 32; i++) f[i] += (int32_t)((bits >> i & 1) << plane);
  }
}

// Gathering is slower by sixteen than by eight on some machines: the widest level takes these from the one below.
#if !WIDE
TARGET static void LEVEL(frequencies)(const uint8_t *planes, int width, int count, int more, uint32_t *frequencies) {
  for (int start = 0; start < count; start += 64) {
    int held = count - start < 64 ? count - start : 64;
    uint64_t over, aligned[32];
    int used = LEVEL(aligned_planes)(held == 64 ? ~0ull : (1ull << held) - 1, planes, width, count, more, start, &over, aligned);
    LEVEL(half_frequencies)(over, aligned, used, 0, (int32_t *)frequencies + start);
    LEVEL(half_frequencies)(over, aligned, used, 32, (int32_t *)frequencies + start + 32);
  }
}

TARGET static void LEVEL(score)(const uint32_t *documents, const uint32_t *frequencies, int count, const uint8_t *lengths, const float *norms,
                                float idf, float *scores) {
  float norm[CHANCERY_BLOCK];
  for (int i = 0; i < count; i++) norm[i] = norms[lengths[documents[i]]];
  for (int i = 0; i < count; i++) {
    float f = (float)(int32_t)frequencies[i];
    scores[i] = idf * (f / (f + norm[i]));
  }
}
#endif

TARGET static void LEVEL(range_norms)(const uint8_t *lengths, const float *norms, float *result) {
  for (int i = 0; i < 64; i++) result[i] = norms[lengths[i]];
}

TARGET static void LEVEL(score_range)(uint64_t word, const uint8_t *planes, int width, int total, int more, int rank, const float *norms,
                                      float idf, float *scores) {
  uint64_t over, aligned[32];
  int used = LEVEL(aligned_planes)(word, planes, width, total, more, rank, &over, aligned);
  for (int half = 0; half < 64; half += 32) {
    int32_t f[32];
    LEVEL(half_frequencies)(over, aligned, used, half, f);
    uint32_t present = (uint32_t)(word >> half);
    for (int i = 0; i < 32; i++) {
      float frequency = (float)f[i];
      float score = idf * (frequency / (frequency + norms[half + i]));
      scores[half + i] += present >> i & 1 ? score : 0;
    }
  }
}

TARGET static void LEVEL(least_range)(uint64_t word, const uint8_t *planes, int width, int total, int more, int rank, int32_t *least) {
  uint64_t over, aligned[32];
  int used = LEVEL(aligned_planes)(word, planes, width, total, more, rank, &over, aligned);
  for (int half = 0; half < 64; half += 32) {
    int32_t f[32];
    LEVEL(half_frequencies)(over, aligned, used, half, f);
    for (int i = 0; i < 32; i++) least[half + i] = f[i] < least[half + i] ? f[i] : least[half + i];
  }
}

TARGET static void LEVEL(score_lanes)(const int32_t *frequencies, const float *norms, float idf, float *scores) {
  for (int i = 0; i < 64; i++) {
    float frequency = (float)frequencies[i];
    scores[i] = idf * (frequency / (frequency + norms[i]));
  }
}

TARGET static void LEVEL(add_bounds)(const uint8_t *codes, const float *table, long count, float *bounds) {
  for (long i = 0; i < count; i++) bounds[i] += table[codes[i]];
}

TARGET static void LEVEL(add_member_bounds)(const uint32_t *documents, long count, const uint64_t *words, const uint8_t *codes, const float *table,
                                            float *bounds) {
  for (long i = 0; i < count; i++) {
    uint32_t document = documents[i];
    float bound = table[codes[document >> 6]];
    bounds[i] += words[document >> 6] >> (document & 63) & 1 ? bound : 0;
  }
}

TARGET static void LEVEL(scale_bounds)(const float *values, float idf, float factor, float *table) {
  for (int i = 0; i < 256; i++) {
    float bound = idf * values[i] * factor;
    table[i] = bound < idf ? bound : idf;
  }
}

TARGET static void LEVEL(least_bounds)(const uint8_t *codes, const float *table, long count, float *bounds) {
  for (long i = 0; i < count; i++) {
    float bound = table[codes[i]];
    bounds[i] = bound < bounds[i] ? bound : bounds[i];
  }
}

TARGET static void LEVEL(add_rounded)(const uint32_t *documents, const float *scores, long count, float unit, int shift, uint8_t *sums,
                                      uint32_t *firsts) {
  // From the last on, so that what is left in `firsts` is a range's first.
  for (long i = count - 1; i >= 0; i--) {
    uint8_t *place = sums + (documents[i] >> shift);
    uint32_t sum = *place + (uint32_t)(int32_t)(scores[i] * unit) + 1;
    *place = (uint8_t)(sum < 255 ? sum : 255);
    firsts[documents[i] >> 6] = (uint32_t)i;
  }
}

TARGET static inline __attribute__((always_inline)) void LEVEL(largest_of)(const uint8_t *sums, long ranges, int length, uint8_t *largest) {
  for (long range = 0; range < ranges; range++) {
    uint8_t most = 0;
    for (int i = 0; i < length; i++) most = sums[range * length + i] > most ? sums[range * length + i] : most;
    largest[range] = most;
  }
}

TARGET static void LEVEL(range_largest)(const uint8_t *sums, long ranges, int shift, uint8_t *largest) {
  if (shift == 0) {
    LEVEL(largest_of)(sums, ranges, 64, largest);
  } else if (shift == 2) {
    LEVEL(largest_of)(sums, ranges, 16, largest);
  } else {
    LEVEL(largest_of)(sums, ranges, 64 >> shift, largest);
  }
}

TARGET static void LEVEL(add_to_lanes)(uint64_t word, float value, float *lanes) {
  for (int half = 0; half < 64; half += 32) {
    uint32_t present = (uint32_t)(word >> half);
    for (int i = 0; i < 32; i++) lanes[half + i] += present >> i & 1 ? value : 0;
  }
}

#include "positions.h"
#include "words.h"
#include "writing.h"

static const chancery_kernels LEVEL(kernels) = {
    .pack = LEVEL(pack),
    .pack_row = LEVEL(pack_row),
    .write_frequencies = LEVEL(write_frequencies),
    .write_chunk = LEVEL(write_chunk),
    .unpack = LEVEL(unpack),
    .unpack_documents = LEVEL(unpack_documents),
    .unpack_tail = LEVEL(unpack_tail),
    .find = LEVEL(find),
    .gather = LEVEL(gather),
    .frequencies_at = LEVEL(frequencies_at),
    .rows_at = LEVEL(rows_at),
    .count_members = LEVEL(count_members),
    .frequencies = GATHERING(frequencies),
    .bits_between = LEVEL(bits_between),
    .locate = LEVEL(locate),
    .group_ranks = LEVEL(group_ranks),
    .score = GATHERING(score),
    .range_norms = LEVEL(range_norms),
    .score_range = LEVEL(score_range),
    .add_bounds = LEVEL(add_bounds),
    .add_member_bounds = LEVEL(add_member_bounds),
    .scale_bounds = LEVEL(scale_bounds),
    .least_bounds = LEVEL(least_bounds),
    .add_rounded = LEVEL(add_rounded),
    .range_largest = LEVEL(range_largest),
    .add_to_lanes = LEVEL(add_to_lanes),
    .least_range = LEVEL(least_range),
    .score_lanes = LEVEL(score_lanes),
    .rows = LEVEL(rows),
    .prefix_sums = LEVEL(prefix_sums),
    .matches = LEVEL(matches),
    .select_keys = LEVEL(select_keys),
    .sort_keys = LEVEL(sort_keys),
    .drop_bounds = LEVEL(drop_bounds),
    .largest = LEVEL(largest),
    .bounds_between = LEVEL(bounds_between),
    .scores_at_least = LEVEL(scores_at_least),
    .and_words = LEVEL(and_words),
    .or_words = LEVEL(or_words),
    .and_not_words = LEVEL(and_not_words),
    .set_bits = LEVEL(set_bits),
    .positions = LEVEL(positions),
    .keep_bits = LEVEL(keep_bits),
    .count_bits = LEVEL(count_bits),
};
