// The kernels of positions and of candidates, of one level: see level.h.

// The bytes of full chunks before number `count`, by their heads.
TARGET static inline long LEVEL(chunk_bytes)(const uint8_t *heads, long count) {
  typedef uint8_t heads16 __attribute__((vector_size(16)));
  typedef uint16_t bytes16 __attribute__((vector_size(32)));
  const heads16 lanes = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
  long bytes = 0;
  if (count < 4) {
    for (long i = 0; i < count; i++) bytes += 16 * (heads[i] & 31) + 2 * (heads[i] >> 5);
    return bytes;
  }
  for (long i = 0; i < count; i += 16) {
    heads16 head;
    memcpy(&head, heads + i, 16);
    if (count - i < 16) head &= (heads16)(lanes < (heads16){} + (uint8_t)(count - i));
    bytes16 wide = __builtin_convertvector(head, bytes16);
    bytes += __builtin_reduce_add(16 * (wide & 31) + 2 * (wide >> 5));
  }
  return bytes;
}

// The upper bits of number `place` of a chunk by its exceptions, pairs of a place and upper bits.
TARGET static inline uint32_t LEVEL(exception_at)(const uint8_t *pairs, int count, long place) {
  typedef uint8_t pairs16 __attribute__((vector_size(16)));
  pairs16 all;
  memcpy(&all, pairs, 16);
  bits16 equal = __builtin_convertvector(all == (pairs16){} + (uint8_t)place, bits16);
  uint16_t found;
  memcpy(&found, &equal, 2);
  found &= 0x5555 & ((1u << 2 * count) - 1);
  return found ? pairs[__builtin_ctz(found) + 1] : 0;
}

// The same as the kernel `positions`; `offset` is where from the heads on the first chunk begins. `first` is below `total`, and the heads are in the room.
TARGET static inline int LEVEL(positions_at)(const uint8_t *heads, long room, long total, long first, long offset, uint32_t frequency,
                                             uint32_t *positions) {
  long chunks = (total + CHANCERY_BLOCK - 1) / CHANCERY_BLOCK, number = first / CHANCERY_BLOCK, start = first % CHANCERY_BLOCK, done = 0;
  // Mostly it is one.
  if (frequency == 1) {
    long left = total - number * CHANCERY_BLOCK;
    int bits = heads[number] & 31, exceptions = heads[number] >> 5;
    long packed = left < CHANCERY_BLOCK ? (left * bits + 7) / 8 : 16 * bits;
    if (bits > CHANCERY_WIDEST || packed + 2 * exceptions > room - offset) return 0;
    const uint8_t *from = heads + offset;
    uint64_t mask = (1ull << bits) - 1;
    if (left >= CHANCERY_BLOCK) {
      long bit = (start >> 2) * bits;
      const uint8_t *word = from + (bit >> 5) * 16 + (start & 3) * 4;
      positions[0] = (uint32_t)((load32(word) | (uint64_t)load32(word + 16) << 32) >> (bit & 31) & mask);
    } else {
      positions[0] = (uint32_t)(load64(from + (start * bits >> 3)) >> (start * bits & 7) & mask);
    }
    positions[0] |= LEVEL(exception_at)(from + packed, exceptions, start) << bits;
    return 1;
  }
  uint32_t position = 0;
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

// Where the chunk of a posting's first position begins, from the heads on; -1 when it is damaged.
TARGET static inline __attribute__((always_inline)) long LEVEL(first_chunk)(const uint8_t *heads, long room, long total, long first) {
  long chunks = (total + CHANCERY_BLOCK - 1) / CHANCERY_BLOCK;
  return first >= total || chunks > room ? -1 : chunks + LEVEL(chunk_bytes)(heads, first / CHANCERY_BLOCK);
}

TARGET static int LEVEL(positions)(const uint8_t *heads, long room, long total, long first, uint32_t frequency, uint32_t *positions) {
  long offset = LEVEL(first_chunk)(heads, room, total, first);
  return offset >= 0 && LEVEL(positions_at)(heads, room, total, first, offset, frequency, positions);
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
  uint32_t none;
  if (!own->dense) reader->total = LEVEL(locate)(planes, width, held, (int)more, held, &none);
  long offset = own->dense || own->blocks > 1 ? load32(own->base + own->position_offsets + 4 * (long)block) : 0;
  if (reader->total > own->words || offset > own->positions_room || (reader->total + CHANCERY_BLOCK - 1) / CHANCERY_BLOCK > own->positions_room - offset) return 0;
  reader->heads = own->positions + offset;
  reader->heads_room = own->positions_room - offset;
  reader->damaged = 0;
  return reader->is_good = 1;
}

// Adds up all gaps of a block or group; 0 when they are damaged.
TARGET static int LEVEL(load_whole)(chancery_reader *reader) {
  GATHERING(frequencies)(reader->planes, reader->width, reader->held, reader->more, reader->counts);
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

// All positions of a block or group are unpacked when there are so many candidates in it and one more for so many positions.
#define MANY 4
#define POSITIONS_OF_ONE 448

// `share`: one in so many candidates is read.
TARGET static inline __attribute__((always_inline)) int LEVEL(reads_whole)(const chancery_reader *reader, const uint32_t *documents,
                                                                           const uint32_t *numbers, long i, long count, long share) {
  i += (MANY + reader->total / POSITIONS_OF_ONE) * share - 1;
  if (i >= count) return 0;
  return (reader->places ? reader->places[numbers[i]] / CHANCERY_BLOCK : documents[i] / CHANCERY_GROUP) == reader->block;
}

// So many candidates are found before their positions are read.
#define RUN 32

// Finds candidate i's positions of a term, if they are as many as needed, and asks for them. 1 when they are found or damaged, 0 when the candidates that are looked at together end
// before it, as the positions of a whole block stay only until another is opened, and less than 0 when more room is wanted.
TARGET static inline __attribute__((always_inline)) int LEVEL(find_spot)(chancery_reader *reader, const uint32_t *documents, const uint32_t *numbers,
                                                                          float needed, long i, long count, long share, int is_first,
                                                                          chancery_spot *spot) {
  uint32_t block = reader->block;
  if (!is_first && reader->is_whole &&
      (reader->places ? reader->places[numbers[i]] / CHANCERY_BLOCK : documents[i] / CHANCERY_GROUP) != block) return 0;
  spot->is_good = 0;
  long rank = LEVEL(seek)(reader, documents, numbers, i);
  if (rank < 0) return 1;
  if (block != reader->block && LEVEL(reads_whole)(reader, documents, numbers, i, count, share)) {
    if (!is_first || reader->total > reader->room) {
      if (is_first) reader->wanted = reader->total;
      reader->block = ~0u;
      return is_first ? -1 : 0;
    }
    reader->is_good = LEVEL(load_whole)(reader);
    reader->damaged |= !reader->is_good;
  }
  if (!reader->is_good) return 1;
  if (reader->is_whole) {
    const uint32_t *own = reader->sums + reader->starts[rank];
    if (reader->counts[rank] < needed) return 1;
    spot->values = own + 1;
    spot->before = own[0];
    spot->frequency = reader->counts[rank];
    spot->is_good = 1;
    return 1;
  }
  if (needed > 1 && LEVEL(frequency)(reader->planes, reader->width, reader->held, reader->more, (int)rank) < needed) return 1;
  spot->values = 0;
  spot->before = 0;
  spot->heads = reader->heads;
  spot->room = reader->heads_room;
  spot->total = reader->total;
  spot->first = LEVEL(locate)(reader->planes, reader->width, reader->held, reader->more, (int)rank, &spot->frequency);
  spot->offset = LEVEL(first_chunk)(spot->heads, spot->room, spot->total, spot->first);
  if (spot->offset < 0) {
    reader->damaged = 1;
    return 1;
  }
  spot->is_good = 1;
  long number = spot->first / CHANCERY_BLOCK, start = spot->first % CHANCERY_BLOCK, bits = spot->heads[number] & 31;
  const uint8_t *from = spot->heads + spot->offset;
  __builtin_prefetch(from + (start >> 2) * bits / 32 * 16);
  __builtin_prefetch(from + 16 * bits);
  return 1;
}

// A candidate's positions, which are read into the reader's memory when they are not there yet; null when they are damaged or more room is wanted.
TARGET static inline __attribute__((always_inline)) const uint32_t *LEVEL(spot_values)(chancery_reader *reader, const chancery_spot *spot) {
  if (spot->values) return spot->values;
  if (spot->frequency > reader->room) {
    reader->wanted = spot->frequency;
    return 0;
  }
  if (LEVEL(positions_at)(spot->heads, spot->room, spot->total, spot->first, spot->offset, spot->frequency, reader->sums)) return reader->sums;
  reader->damaged = 1;
  return 0;
}

TARGET static long LEVEL(rows_at)(chancery_reader *readers, int terms, const uint32_t *documents, const uint32_t *numbers, const float *needed,
                                  long count, int any, uint32_t *kept, uint32_t *frequencies) {
  chancery_spot spots[RUN], others[RUN], later;
  for (long run = 0; run < count;) {
    long end = count - run < RUN ? count : run + RUN;
    long share = readers->asked > readers->looked ? readers->asked / (readers->looked + 1) + 1 : 1;
    for (long i = run; i < end; i++) {
      int found = LEVEL(find_spot)(readers, documents, numbers, needed ? needed[i] : 0, i, count, share, i == run, spots + (i - run));
      if (found < 0) return i;
      if (!found) end = i;
    }
    for (long i = run; i < end; i++) {
      if (!spots[i - run].is_good) continue;
      int found = LEVEL(find_spot)(readers + 1, documents, numbers, needed ? needed[i] : 0, i, count, share, i == run, others + (i - run));
      if (found < 0) return i;
      if (!found) end = i;
      spots[i - run].is_good = found && others[i - run].is_good;
    }
    for (long i = run; i < end; i++) {
      readers->asked++;
      frequencies[i] = 0;
      const chancery_spot *spot = spots + (i - run), *other = others + (i - run);
      if (!spot->is_good) continue;
      readers->looked++;
      const uint32_t *values = LEVEL(spot_values)(readers, spot), *own = values ? LEVEL(spot_values)(readers + 1, other) : 0;
      if (!own) {
        if (readers[0].wanted > readers[0].room || readers[1].wanted > readers[1].room) return i;
        continue;
      }
      uint32_t before = spot->before, shift = readers[1].place - readers[0].place - before + other->before;
      long held;
      if (spot->frequency == 1 && other->frequency == 1) {
        // Mostly there is one of each.
        held = values[0] + shift == own[0];
        kept[0] = values[0];
      } else if (any && terms == 2 && other->frequency <= 16) {
        held = LEVEL(any_match)(values, spot->frequency, shift, own, other->frequency);
      } else {
        held = LEVEL(matches)(values, spot->frequency, before, shift, own, other->frequency, other->before, kept);
      }
      if (held == 0) continue;
      readers->survived++;
      for (int term = 2; term < terms && held; term++) {
        chancery_reader *reader = readers + term;
        // One in so many candidates is read.
        long often = readers->asked / (readers->survived + 1) + 1;
        if (LEVEL(find_spot)(reader, documents, numbers, needed ? needed[i] : 0, i, count, often, 1, &later) < 0) return i;
        own = later.is_good ? LEVEL(spot_values)(reader, &later) : 0;
        if (!own && reader->wanted > reader->room) return i;
        shift = reader->place - readers[0].place - before + later.before;
        held = own ? LEVEL(matches)(kept, held, before, shift, own, later.frequency, later.before, kept) : 0;
      }
      frequencies[i] = (uint32_t)held;
    }
    run = end;
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
