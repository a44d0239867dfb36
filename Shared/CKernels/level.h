// The kernels of one level: LEVEL names them, TARGET says what the compiler may use, DEPOSIT is pdep.

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

TARGET static long LEVEL(find)(const uint32_t *wanted, long count, const uint32_t *block, uint32_t number, uint32_t first, uint32_t *kept,
                               uint32_t *places) {
  row8 tops;
  for (int i = 0; i < 8; i++) tops[i] = block[16 * i + 15];
  long held = 0;
  for (long i = 0; i < count; i++) {
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

TARGET static uint32_t LEVEL(frequency)(const uint8_t *planes, int width, int count, int more, int rank) {
  if (width == 0 || !(planes[rank >> 3] >> (rank & 7) & 1)) return 1;
  uint32_t frequency = 2;
  if (width == 1) return frequency;
  long place = count + LEVEL(bits_between)(planes, 0, rank);
  for (int plane = 0; plane < width - 1; plane++, place += more) frequency += (uint32_t)(planes[place >> 3] >> (place & 7) & 1) << plane;
  return frequency;
}

TARGET static long LEVEL(occurrences)(const uint8_t *planes, int width, int count, int more, int rank) {
  if (width == 0) return rank;
  long over = LEVEL(bits_between)(planes, 0, rank), sum = rank + over;
  for (int plane = 0; plane < width - 1; plane++) sum += LEVEL(bits_between)(planes, count + (long)plane * more, over) << plane;
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

// The bytes of full chunks before number `count`, by their heads.
TARGET static inline long LEVEL(chunk_bytes)(const uint8_t *heads, long count) {
  typedef uint8_t heads16 __attribute__((vector_size(16)));
  typedef uint16_t bytes16 __attribute__((vector_size(32)));
  const heads16 lanes = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
  long bytes = 0;
  for (long i = 0; i < count; i += 16) {
    heads16 head;
    memcpy(&head, heads + i, 16);
    if (count - i < 16) head &= (heads16)(lanes < (heads16){} + (uint8_t)(count - i));
    bytes16 wide = __builtin_convertvector(head, bytes16);
    bytes += __builtin_reduce_add(16 * (wide & 31) + 2 * (wide >> 5));
  }
  return bytes;
}

TARGET static int LEVEL(positions)(const uint8_t *planes, int width, int count, int more, int rank, uint32_t frequency, const uint8_t *heads,
                                   long room, long total, uint32_t *positions) {
  long first = LEVEL(occurrences)(planes, width, count, more, rank), chunks = (total + CHANCERY_BLOCK - 1) / CHANCERY_BLOCK;
  long number = first / CHANCERY_BLOCK, start = first % CHANCERY_BLOCK, done = 0;
  if (first >= total || chunks > room) return 0;
  long offset = chunks + LEVEL(chunk_bytes)(heads, number);
  uint32_t position = 0;
  // Mostly it is one, and within its chunk's width.
  if (frequency == 1 && heads[number] < 32 && heads[number] <= CHANCERY_WIDEST) {
    long left = total - number * CHANCERY_BLOCK;
    int bits = heads[number];
    if ((left < CHANCERY_BLOCK ? (left * bits + 7) / 8 : 16 * bits) > room - offset) return 0;
    const uint8_t *from = heads + offset;
    uint64_t mask = (1ull << bits) - 1;
    if (left >= CHANCERY_BLOCK) {
      long bit = (start >> 2) * bits;
      from += (bit >> 5) * 16 + (start & 3) * 4;
      positions[0] = (uint32_t)((load32(from) | (uint64_t)load32(from + 16) << 32) >> (bit & 31) & mask);
    } else {
      positions[0] = (uint32_t)(load64(from + (start * bits >> 3)) >> (start * bits & 7) & mask);
    }
    return 1;
  }
  for (; done < frequency; number++, start = 0) {
    if (number >= chunks) return 0;
    long held = total - number * CHANCERY_BLOCK < CHANCERY_BLOCK ? total - number * CHANCERY_BLOCK : CHANCERY_BLOCK;
    int bits = heads[number] & 31, exceptions = heads[number] >> 5;
    long packed = (held * bits + 7) / 8;
    if (bits > CHANCERY_WIDEST || packed + 2 * exceptions > room - offset) return 0;
    const uint8_t *from = heads + offset, *exception = from + packed;
    long end = start + (frequency - done) < held ? start + (frequency - done) : held;
    uint64_t mask = (1ull << bits) - 1;
    uint32_t *gaps = positions + done - start;
    if (held == CHANCERY_BLOCK) {
      for (long i = start; i < end; i++) {
        long bit = (i >> 2) * bits;
        const uint8_t *word = from + (bit >> 5) * 16 + (i & 3) * 4;
        // The second word is in the chunk or in the padding.
        gaps[i] = (uint32_t)((load32(word) | (uint64_t)load32(word + 16) << 32) >> (bit & 31) & mask);
      }
    } else {
      for (long i = start; i < end; i++) gaps[i] = (uint32_t)(load64(from + (i * bits >> 3)) >> (i * bits & 7) & mask);
    }
    for (int i = 0; i < exceptions; i++) {
      long place = exception[2 * i] & 127;
      if (place >= start && place < end) gaps[place] |= (uint32_t)exception[2 * i + 1] << bits;
    }
    for (long i = start; i < end; i++) gaps[i] = position += gaps[i];
    done += end - start;
    offset += packed + 2 * exceptions;
  }
  return 1;
}

TARGET static void LEVEL(prefix_sums)(uint32_t *values, long count) {
  row16 zero = {}, sum = {};
  long i = 0;
  for (; i + 16 <= count; i += 16) {
    row16 value;
    memcpy(&value, values + i, 64);
    value += __builtin_shufflevector(zero, value, 0, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30);
    value += __builtin_shufflevector(zero, value, 0, 1, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29);
    value += __builtin_shufflevector(zero, value, 0, 1, 2, 3, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27);
    value += __builtin_shufflevector(zero, value, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23);
    value += sum;
    memcpy(values + i, &value, 64);
    sum = __builtin_shufflevector(value, value, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15);
  }
  uint32_t last = sum[0];
  for (; i < count; i++) values[i] = last += values[i];
}

TARGET static inline long LEVEL(matches)(const uint32_t *a, long count, uint32_t first, uint32_t shift, const uint32_t *b, long other_count,
                                  uint32_t other_first, uint32_t *kept) {
  long held = 0;
  if (other_count <= CHANCERY_SHORT) {
    const row16 lanes = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
    for (long i = 0; i < count; i++) {
      uint32_t value = a[i];
      row16 wanted = (row16){} + (value + shift);
      row16 found = (row16){};
      for (long j = 0; j < other_count; j += 16) {
        row16 others;
        memcpy(&others, b + j, 64);
        found |= (row16)(others == wanted) & (row16)(lanes < (row16){} + (uint32_t)(other_count - j));
      }
      kept[held] = value;
      held += __builtin_reduce_or(found) != 0;
    }
    return held;
  }
  // Compared by the distance from where the lists begin, as the sums may have passed 2^32.
  uint32_t more = shift + first - other_first;
  long j = 0;
  for (long i = 0; i < count; i++) {
    int64_t wanted = (int64_t)(a[i] - first) + (int32_t)more;
    while (j < other_count && (int64_t)(b[j] - other_first) < wanted) j++;
    if (j == other_count) break;
    kept[held] = a[i];
    held += (int64_t)(b[j] - other_first) == wanted;
  }
  return held;
}

// Whether a + shift is among `b` for any of `a`; `other_count` is 1 ... 16.
TARGET static inline __attribute__((always_inline)) int LEVEL(any_match)(const uint32_t *a, long count, uint32_t shift, const uint32_t *b,
                                                                         long other_count) {
  const row16 lanes = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
  row16 others, found = {};
  memcpy(&others, b, 64);
  for (long i = 0; i < count; i++) found |= (row16)(others == (row16){} + (a[i] + shift));
  return __builtin_reduce_or(found & (row16)(lanes < (row16){} + (uint32_t)other_count)) != 0;
}

// Goes to a block or group of a term; 0 when it is damaged.
TARGET static int LEVEL(open_block)(chancery_reader *reader, uint32_t block) {
  const chancery_postings *own = &reader->postings;
  reader->block = block;
  reader->is_whole = reader->is_good = 0;
  reader->damaged = 1;
  long start = own->dense || own->blocks > 1 ? load32(own->base + own->offsets + 4 * (long)block) : 0, from;
  if (own->dense) {
    uint32_t ranges = own->ranges - block * 8;
    reader->held = LEVEL(group_ranks)((const uint64_t *)own->base + block * 8, ranges < 8 ? (int)ranges : 8, reader->before);
    if (start > own->room - 4) return 0;
    reader->total = load32(own->base + start);
    from = start + 4;
  } else {
    uint32_t left = own->count - block * CHANCERY_BLOCK;
    reader->held = left < CHANCERY_BLOCK ? (int)left : CHANCERY_BLOCK;
    if (start >= own->room) return 0;
    int width = own->base[start];
    long bytes = (reader->held * (long)width + 7) / 8;
    if (width > CHANCERY_WIDEST || bytes >= own->room - start) return 0;
    from = start + 1 + bytes;
  }
  if (from >= own->room) return 0;
  int width = own->base[from], held = reader->held;
  long left = own->room - from - 1;
  const uint8_t *planes = own->base + from + 1;
  if (width > CHANCERY_WIDEST || (width > 0 && (held + 7) / 8 > left)) return 0;
  long more = width > 1 ? LEVEL(bits_between)(planes, 0, held) : 0;
  if (width > 1 && (held + more * (width - 1) + 7) / 8 > left) return 0;
  reader->planes = planes;
  reader->width = width;
  reader->more = (int)more;
  if (!own->dense) reader->total = LEVEL(occurrences)(planes, width, held, (int)more, held);
  long offset = own->dense || own->blocks > 1 ? load32(own->base + own->position_offsets + 4 * (long)block) : 0;
  if (reader->total > own->words || offset > own->positions_room || (reader->total + CHANCERY_BLOCK - 1) / CHANCERY_BLOCK > own->positions_room - offset) return 0;
  reader->heads = own->positions + offset;
  reader->heads_room = own->positions_room - offset;
  reader->damaged = 0;
  return reader->is_good = 1;
}

// Adds up all gaps of a block or group; 0 when they are damaged.
TARGET static int LEVEL(load_whole)(chancery_reader *reader) {
  LEVEL(frequencies)(reader->planes, reader->width, reader->held, reader->more, reader->counts);
  reader->starts[0] = 0;
  memcpy(reader->starts + 1, reader->counts, 4 * (size_t)reader->held);
  LEVEL(prefix_sums)(reader->starts + 1, reader->held);
  long total = reader->starts[reader->held], chunks = (total + CHANCERY_BLOCK - 1) / CHANCERY_BLOCK, offset = chunks;
  if (total != reader->total) return 0;
  uint32_t *gaps = reader->sums + 1;
  reader->sums[0] = 0;
  for (long number = 0; number < chunks; number++, gaps += CHANCERY_BLOCK) {
    long left = total - number * CHANCERY_BLOCK, held = left < CHANCERY_BLOCK ? left : CHANCERY_BLOCK;
    int bits = reader->heads[number] & 31, exceptions = reader->heads[number] >> 5;
    long packed = (held * bits + 7) / 8;
    if (bits > CHANCERY_WIDEST || packed + 2 * exceptions > reader->heads_room - offset) return 0;
    const uint8_t *from = reader->heads + offset, *exception = from + packed;
    if (held == CHANCERY_BLOCK) {
      LEVEL(unpack)(from, bits, gaps);
    } else {
      for (long i = 0; i < held; i++) gaps[i] = (uint32_t)(load64(from + (i * bits >> 3)) >> (i * bits & 7) & ((1ull << bits) - 1));
    }
    for (int i = 0; i < exceptions; i++) gaps[exception[2 * i] & 127] |= (uint32_t)exception[2 * i + 1] << bits;
    offset += packed + 2 * exceptions;
  }
  LEVEL(prefix_sums)(reader->sums + 1, total);
  return reader->is_whole = 1;
}

// The number of candidate i's posting in the block or group that it lies in, which is opened; less than 0 when it is damaged.
TARGET static inline __attribute__((always_inline)) long LEVEL(seek)(chancery_reader *reader, const uint32_t *documents, const uint32_t *numbers,
                                                                     long i) {
  if (reader->places) {
    uint32_t place = reader->places[numbers[i]];
    if (place / CHANCERY_BLOCK != reader->block) LEVEL(open_block)(reader, place / CHANCERY_BLOCK);
    return reader->is_good ? (long)(place % CHANCERY_BLOCK) : -1;
  }
  uint32_t document = documents[i];
  if (document / CHANCERY_GROUP != reader->block) LEVEL(open_block)(reader, document / CHANCERY_GROUP);
  uint64_t word = ((const uint64_t *)reader->postings.base)[document >> 6], bit = 1ull << (document & 63);
  return reader->is_good ? (long)reader->before[document >> 6 & 7] + __builtin_popcountll(word & (bit - 1)) : -1;
}

TARGET static void LEVEL(frequencies_at)(chancery_reader *reader, const uint32_t *documents, const uint32_t *numbers, long count,
                                         uint32_t *frequencies) {
  for (long i = 0; i < count; i++) {
    long rank = LEVEL(seek)(reader, documents, numbers, i);
    frequencies[i] = rank < 0 ? 0 : LEVEL(frequency)(reader->planes, reader->width, reader->held, reader->more, (int)rank);
  }
}

// With so many candidates in a block or group all its positions are unpacked.
#define MANY_OF_BLOCK 4
#define MANY_OF_GROUP 12

// `share`: one in so many candidates is read.
TARGET static inline __attribute__((always_inline)) int LEVEL(reads_whole)(const chancery_reader *reader, const uint32_t *documents,
                                                                           const uint32_t *numbers, long i, long count, long share) {
  i += (reader->places ? MANY_OF_BLOCK : MANY_OF_GROUP) * share - 1;
  if (i >= count) return 0;
  return (reader->places ? reader->places[numbers[i]] / CHANCERY_BLOCK : documents[i] / CHANCERY_GROUP) == reader->block;
}

TARGET static long LEVEL(rows_at)(chancery_reader *readers, int terms, const uint32_t *documents, const uint32_t *numbers, long count, int any,
                                  uint32_t *kept, uint32_t *frequencies) {
  for (long i = 0; i < count; i++) {
    long held = 0, share = readers->looked / (readers->survived + 1) + 1;
    readers->looked++;
    const uint32_t *values = 0;
    uint32_t before = 0;
    frequencies[i] = 0;
    for (int term = 0; term < terms; term++) {
      chancery_reader *reader = readers + term;
      uint32_t block = reader->block;
      long rank = LEVEL(seek)(reader, documents, numbers, i);
      if (rank < 0) break;
      if (block != reader->block && LEVEL(reads_whole)(reader, documents, numbers, i, count, term < 2 ? 1 : share)) {
        if (reader->total > reader->room) {
          reader->wanted = reader->total;
          reader->block = ~0u;
          return i;
        }
        reader->is_good = LEVEL(load_whole)(reader);
        reader->damaged |= !reader->is_good;
      }
      if (!reader->is_good) break;
      const uint32_t *own = reader->sums;
      uint32_t frequency, start = 0;
      if (reader->is_whole) {
        frequency = reader->counts[rank];
        start = own[reader->starts[rank]];
        own += reader->starts[rank] + 1;
      } else {
        frequency = LEVEL(frequency)(reader->planes, reader->width, reader->held, reader->more, (int)rank);
        if (frequency > reader->room) {
          reader->wanted = frequency;
          return i;
        }
        if (!LEVEL(positions)(reader->planes, reader->width, reader->held, reader->more, (int)rank, frequency, reader->heads, reader->heads_room,
                              reader->total, reader->sums)) {
          reader->damaged = 1;
          break;
        }
      }
      if (term == 0) {
        values = own;
        before = start;
        held = frequency;
        continue;
      }
      uint32_t shift = reader->place - readers[0].place - before + start;
      if (held == 1 && frequency == 1) {
        // Mostly there is one of each.
        held = values[0] + shift == own[0];
        kept[0] = values[0];
        values = kept;
      } else if (any && term == terms - 1 && frequency <= 16) {
        held = LEVEL(any_match)(values, held, shift, own, frequency);
      } else {
        held = LEVEL(matches)(values, held, before, shift, own, frequency, start, kept);
        values = kept;
      }
      if (held == 0) break;
      if (term == 1) readers->survived++;
      if (term == terms - 1) frequencies[i] = (uint32_t)held;
    }
  }
  return count;
}

TARGET static int LEVEL(rows)(uint64_t match, const chancery_positions *terms, int count, uint32_t *room, uint32_t *frequencies) {
  int found = 0;
  while (match) {
    int document = __builtin_ctzll(match);
    uint64_t below = (1ull << document) - 1;
    match &= match - 1;
    uint32_t start[CHANCERY_TERMS], counts[CHANCERY_TERMS];
    int lead = 0;
    for (int i = 0; i < count; i++) {
      uint32_t rank = terms[i].rank + (uint32_t)__builtin_popcountll(terms[i].word & below);
      start[i] = terms[i].starts[rank];
      counts[i] = terms[i].counts[rank];
      if (counts[i] < counts[lead]) lead = i;
    }
    const uint32_t *values = terms[lead].sums + start[lead] + 1;
    uint32_t before = terms[lead].sums[start[lead]];
    if (!frequencies && count == 2 && counts[1 - lead] <= 16) {
      const uint32_t *others = terms[1 - lead].sums + start[1 - lead];
      found += LEVEL(any_match)(values, counts[lead], terms[1 - lead].place - terms[lead].place - before + others[0], others + 1, counts[1 - lead]);
      continue;
    }
    long held = counts[lead];
    for (int i = 0; i < count && held; i++) {
      if (i == lead) continue;
      uint32_t other = terms[i].sums[start[i]];
      held = LEVEL(matches)(values, held, before, terms[i].place - terms[lead].place - before + other, terms[i].sums + start[i] + 1, counts[i], other, room);
      values = room;
    }
    if (frequencies) frequencies[document] = (uint32_t)held;
    found += held > 0;
  }
  return found;
}

TARGET static uint64_t LEVEL(select_keys)(uint64_t *keys, long count, long kept) {
  long from = 0, to = count;
  // All before `from` are among the kept, none from `to` on.
  while (to - from > 1) {
    uint64_t first = keys[from], middle = keys[from + (to - from) / 2], last = keys[to - 1];
    uint64_t low = first < middle ? first : middle, high = first < middle ? middle : first;
    uint64_t pivot = last < low ? low : last > high ? high : last;
    long over = from;
    for (long i = from; i < to; i++) {
      uint64_t key = keys[i];
      keys[i] = keys[over];
      keys[over] = key;
      over += key > pivot;
    }
    // The pivot is the largest of the rest; it goes to their front.
    for (long i = over; i < to; i++)
      if (keys[i] == pivot) {
        keys[i] = keys[over];
        keys[over] = pivot;
        break;
      }
    if (over >= kept) {
      to = over;
    } else {
      from = over + 1;
      if (from >= kept) break;
    }
  }
  uint64_t least = ~0ull;
  for (long i = 0; i < kept; i++) least = keys[i] < least ? keys[i] : least;
  return least;
}

TARGET static void LEVEL(sort_keys)(uint64_t *keys, long count, uint64_t *room) {
  if (count <= 32) {
    for (long i = 1; i < count; i++) {
      uint64_t key = keys[i];
      long place = i;
      for (; place > 0 && keys[place - 1] < key; place--) keys[place] = keys[place - 1];
      keys[place] = key;
    }
    return;
  }
  uint64_t all = 0, common = ~0ull, *from = keys, *to = room;
  for (long i = 0; i < count; i++) {
    all |= keys[i];
    common &= keys[i];
  }
  for (int shift = 0; shift < 64; shift += 8) {
    // A byte that all have in common sorts nothing.
    if (((all ^ common) >> shift & 255) == 0) continue;
    uint32_t starts[256] = {0};
    for (long i = 0; i < count; i++) starts[~(from[i] >> shift) & 255]++;
    uint32_t sum = 0;
    for (int digit = 0; digit < 256; digit++) {
      uint32_t held = starts[digit];
      starts[digit] = sum;
      sum += held;
    }
    for (long i = 0; i < count; i++) to[starts[~(from[i] >> shift) & 255]++] = from[i];
    uint64_t *other = from;
    from = to;
    to = other;
  }
  if (from != keys) memcpy(keys, from, (size_t)count * 8);
}

TARGET static void LEVEL(drop_bounds)(const uint64_t *words, long count, float *bounds) {
  for (long i = 0; i < count; i++) bounds[i] = words[i] ? bounds[i] : 0;
}

TARGET static float LEVEL(largest)(const float *bounds, long count) {
  float best[16] = {0};
  long i = 0;
  for (; i + 16 <= count; i += 16)
    for (int j = 0; j < 16; j++) best[j] = bounds[i + j] > best[j] ? bounds[i + j] : best[j];
  for (; i < count; i++) best[0] = bounds[i] > best[0] ? bounds[i] : best[0];
  for (int j = 1; j < 16; j++) best[0] = best[j] > best[0] ? best[j] : best[0];
  return best[0];
}

TARGET static void LEVEL(bounds_between)(const float *bounds, long count, float low, float high, uint64_t *bits) {
  long i = 0;
  for (; i + 64 <= count; i += 64) {
    uint64_t word = 0;
    for (int half = 0; half < 64; half += 32) {
      uint32_t part = 0;
      for (int j = 0; j < 32; j++) part |= (uint32_t)(bounds[i + half + j] >= low && bounds[i + half + j] < high) << j;
      word |= (uint64_t)part << half;
    }
    bits[i >> 6] = word;
  }
  if (i < count) {
    uint64_t word = 0;
    for (int j = 0; i + j < count; j++) word |= (uint64_t)(bounds[i + j] >= low && bounds[i + j] < high) << j;
    bits[i >> 6] = word;
  }
}

TARGET static uint64_t LEVEL(scores_at_least)(const float *scores, uint64_t mask, float low) {
  uint64_t result = 0;
  for (int half = 0; half < 64; half += 32) {
    uint32_t part = 0;
    for (int j = 0; j < 32; j++) part |= (uint32_t)(scores[half + j] >= low && scores[half + j] > 0) << j;
    result |= (uint64_t)part << half;
  }
  return result & mask;
}

TARGET static void LEVEL(and_words)(uint64_t *target, const uint64_t *other, long count) {
  for (long i = 0; i < count; i++) target[i] &= other[i];
}

TARGET static void LEVEL(or_words)(uint64_t *target, const uint64_t *other, long count) {
  for (long i = 0; i < count; i++) target[i] |= other[i];
}

TARGET static void LEVEL(and_not_words)(uint64_t *target, const uint64_t *other, long count) {
  for (long i = 0; i < count; i++) target[i] &= ~other[i];
}

TARGET static void LEVEL(set_bits)(const uint32_t *documents, long count, uint64_t *words) {
  for (long i = 0; i < count; i++) words[documents[i] >> 6] |= 1ull << (documents[i] & 63);
}

TARGET static void LEVEL(clear_bits)(const uint32_t *documents, long count, uint64_t *words) {
  for (long i = 0; i < count; i++) words[documents[i] >> 6] = 0;
}

TARGET static long LEVEL(keep_bits)(const uint32_t *documents, long count, const uint64_t *words, uint32_t *kept, uint32_t *places) {
  long held = 0;
  // No branch: it would often be guessed wrongly.
  for (long i = 0; i < count; i++) {
    uint32_t document = documents[i];
    kept[held] = document;
    places[held] = (uint32_t)i;
    held += words[document >> 6] >> (document & 63) & 1;
  }
  return held;
}

TARGET static long LEVEL(count_members)(const uint32_t *documents, long count, const uint64_t *words) {
  long held = 0;
  for (long i = 0; i < count; i++) held += words[documents[i] >> 6] >> (documents[i] & 63) & 1;
  return held;
}

TARGET static long LEVEL(count_bits)(const uint64_t *words, long count) {
  long sum = 0;
  for (long i = 0; i < count; i++) sum += __builtin_popcountll(words[i]);
  return sum;
}

static const chancery_kernels LEVEL(kernels) = {
    .pack = LEVEL(pack),
    .unpack = LEVEL(unpack),
    .unpack_documents = LEVEL(unpack_documents),
    .unpack_tail = LEVEL(unpack_tail),
    .find = LEVEL(find),
    .gather = LEVEL(gather),
    .frequencies_at = LEVEL(frequencies_at),
    .rows_at = LEVEL(rows_at),
    .count_members = LEVEL(count_members),
    .frequencies = LEVEL(frequencies),
    .bits_between = LEVEL(bits_between),
    .frequency = LEVEL(frequency),
    .occurrences = LEVEL(occurrences),
    .group_ranks = LEVEL(group_ranks),
    .score = LEVEL(score),
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
    .clear_bits = LEVEL(clear_bits),
    .positions = LEVEL(positions),
    .keep_bits = LEVEL(keep_bits),
    .count_bits = LEVEL(count_bits),
};
