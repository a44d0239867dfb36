// The kernels of keys, bounds and bitmaps, of one level: see level.h.

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
