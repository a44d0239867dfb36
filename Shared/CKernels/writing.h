// The kernels that write postings, of one level: see level.h.

// Writes the lower `width` bits of numbers one after the other; up to 8 bytes more than these take.
TARGET static inline void LEVEL(pack_row)(const uint32_t *values, long count, int width, uint8_t *bytes) {
  uint64_t mask = (1ull << width) - 1, held = 0;
  int filled = 0;
  for (long i = 0; i < count; i++) {
    held |= (values[i] & mask) << filled;
    filled += width;
    if (filled < 32) continue;
    memcpy(bytes, &held, 4);
    bytes += 4;
    held >>= 32;
    filled -= 32;
  }
  memcpy(bytes, &held, 8);
}

TARGET static long LEVEL(write_frequencies)(const uint32_t *frequencies, long count, uint8_t *bytes) {
  uint32_t most = 1, rest[CHANCERY_GROUP + 1];
  long more = 0;
  for (long i = 0; i < count; i++) {
    uint32_t frequency = frequencies[i];
    most = frequency > most ? frequency : most;
    rest[more] = frequency - 2;
    more += frequency > 1;
  }
  int planes = most > 2 ? 32 - __builtin_clz(most - 2) : 0;
  bytes[0] = most > 1 ? 1 + (uint8_t)planes : 0;
  if (most == 1) return 1;
  long length = (count + more * planes + 7) / 8;
  bytes++;
  memset(bytes, 0, (size_t)length + 16);
  for (long i = 0; i < count; i += 64) {
    uint64_t bits = 0;
    for (long j = 0; j < 64 && i + j < count; j++) bits |= (uint64_t)(frequencies[i + j] > 1) << j;
    memcpy(bytes + i / 8, &bits, 8);
  }
  long place = count;
  for (int plane = 0; plane < planes; plane++)
    for (long i = 0; i < more; i += 32) {
      long held = more - i < 32 ? more - i : 32;
      uint64_t bits = 0, before = load64(bytes + (place >> 3));
      for (long j = 0; j < held; j++) bits |= (uint64_t)(rest[i + j] >> plane & 1) << j;
      before |= bits << (place & 7);
      memcpy(bytes + (place >> 3), &before, 8);
      place += held;
    }
  return 1 + length;
}

// The width at which a chunk takes the fewest bytes, and its exceptions then.
TARGET static inline int LEVEL(best_width)(const uint32_t *values, long count, int *exceptions) {
  uint32_t all = 0;
  for (long i = 0; i < count; i++) all |= values[i];
  int whole = all ? 32 - __builtin_clz(all) : 0, best = whole;
  long best_cost = (count * whole + 7) / 8;
  *exceptions = 0;
  for (int width = whole - 1; width >= 0 && width >= whole - 8; width--) {
    int over = 0;
    for (long i = 0; i < count; i++) over += values[i] >> width != 0;
    if (over > 7) break;
    long cost = (count * width + 7) / 8 + 2 * over;
    if (cost >= best_cost) continue;
    best = width;
    best_cost = cost;
    *exceptions = over;
  }
  return best;
}

TARGET static long LEVEL(write_chunk)(const uint32_t *values, long count, uint8_t *head, uint8_t *bytes) {
  int exceptions, width = LEVEL(best_width)(values, count, &exceptions);
  uint32_t mask = (uint32_t)((1ull << width) - 1), lower[CHANCERY_BLOCK];
  *head = (uint8_t)(width | exceptions << 5);
  long length = (count * width + 7) / 8;
  if (count == CHANCERY_BLOCK) {
    for (int i = 0; i < CHANCERY_BLOCK; i++) lower[i] = values[i] & mask;
    PACK(lower, width, bytes);
  } else {
    LEVEL(pack_row)(values, count, width, bytes);
  }
  for (long i = 0; exceptions > 0; i++) {
    if (values[i] <= mask) continue;
    bytes[length++] = (uint8_t)i;
    bytes[length++] = (uint8_t)(values[i] >> width);
    exceptions--;
  }
  return length;
}
