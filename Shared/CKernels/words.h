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

// Puts the larger one of each lane and its partner where `mask` has ones, elsewhere the smaller.
#define ORDER(value, mask, ...) \
  do { \
    keys8 partner = __builtin_shufflevector(value, value, __VA_ARGS__), larger = (keys8)(value > partner); \
    keys8 most = (value & larger) | (partner & ~larger), least = (partner & larger) | (value & ~larger); \
    value = (most & (mask)) | (least & ~(mask)); \
  } while (0)
#define ORDER_1(value, mask) ORDER(value, mask, 1, 0, 3, 2, 5, 4, 7, 6)
#define ORDER_2(value, mask) ORDER(value, mask, 2, 3, 0, 1, 6, 7, 4, 5)
#define ORDER_4(value, mask) ORDER(value, mask, 4, 5, 6, 7, 0, 1, 2, 3)

// Batcher's bitonic sort: no branch depends on the keys.
TARGET static void LEVEL(sort_keys)(uint64_t *keys, long count) {
  if (count <= 32) {
    for (long i = 1; i < count; i++) {
      uint64_t key = keys[i];
      long place = i;
      for (; place > 0 && keys[place - 1] < key; place--) keys[place] = keys[place - 1];
      keys[place] = key;
    }
    return;
  }
  const uint64_t yes = ~0ull;
  const keys8 ones = {yes, 0, yes, 0, yes, 0, yes, 0}, twos = {yes, yes, 0, 0, yes, yes, 0, 0}, fours = {yes, yes, yes, yes, 0, 0, 0, 0};
  long room = 64;
  while (room < count) room *= 2;
  for (long i = count; i < room; i++) keys[i] = 0;
  // Parts of `length` fall and rise in turns, until there is one.
  for (long length = 8; length <= room; length *= 2) {
    for (long step = length / 2; step >= 8; step /= 2)
      for (long part = 0; part < room; part += 2 * step) {
        long most = part & length ? step : 0;
        for (long i = part; i < part + step; i += 8) {
          keys8 one, other;
          memcpy(&one, keys + i, 64);
          memcpy(&other, keys + i + step, 64);
          keys8 larger = (keys8)(one > other), high = (one & larger) | (other & ~larger), low = (other & larger) | (one & ~larger);
          memcpy(keys + i + most, &high, 64);
          memcpy(keys + i + step - most, &low, 64);
        }
      }
    for (long i = 0; i < room; i += 8) {
      keys8 value, rises = (keys8){} - (uint64_t)((i & length) != 0);
      memcpy(&value, keys + i, 64);
      if (length == 8) {
        ORDER_1(value, ones ^ ~twos);
        ORDER_2(value, twos ^ ~fours);
        ORDER_1(value, ones ^ ~fours);
      }
      ORDER_4(value, fours ^ rises);
      ORDER_2(value, twos ^ rises);
      ORDER_1(value, ones ^ rises);
      memcpy(keys + i, &value, 64);
    }
  }
}
#undef ORDER
#undef ORDER_1
#undef ORDER_2
#undef ORDER_4

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
