// The innermost loops of the engine, once in plain C for any machine and again for wider vectors; every level gives the same bits.
//
// Pointers are to memory that the caller has checked to be large enough; loads need no alignment. Packed input may be read up to
// 16 bytes past its end.
#ifndef CHANCERY_KERNELS_H
#define CHANCERY_KERNELS_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/// Numbers in a full block; it is packed vertically: number i is in lane i % 4 of rows of four 32-bit words.
#define CHANCERY_BLOCK 128
/// Documents in a dense term's group.
#define CHANCERY_GROUP 512
/// The widest numbers in packed input.
#define CHANCERY_WIDEST 28
/// Terms of a phrase that `rows` takes.
#define CHANCERY_TERMS 8
/// Bytes that may be read past the end of packed input.
#define CHANCERY_PADDING 16

/// A term's positions in a group of documents, and its documents in a range of it.
typedef struct {
  uint64_t word;
  /// The number in the group of the range's first posting.
  uint32_t rank;
  /// Where the term stands in the phrase.
  uint32_t place;
  /// The gaps added up over the group, after a 0; for each posting where its own begin and how many they are.
  const uint32_t *sums, *starts, *counts;
} chancery_positions;

/// A term's postings in a mapped segment. `room` and `positions_room` bytes may be read from `base` and `positions` on, and CHANCERY_PADDING more; the
/// directory, whose offsets of blocks or groups and of their positions lie at `offsets` and `position_offsets`, is within. The segment has `words`
/// positions in all.
typedef struct {
  const uint8_t *base, *positions;
  long room, positions_room, words, offsets, position_offsets;
  uint32_t count, blocks, ranges;
  int dense;
} chancery_postings;

/// A term of an intersection that is read candidate by candidate, and the block or group that was read last.
typedef struct {
  chancery_postings postings;
  /// Where the term stands in the phrase.
  uint32_t place;
  /// A sparse term's numbers of the candidates' postings; null for a dense one.
  const uint32_t *places;
  /// Memory for positions: `sums` has `room` and CHANCERY_BLOCK more; starts and counts have CHANCERY_GROUP and 1 more. Without it only frequencies
  /// can be read.
  uint32_t *sums, *starts, *counts;
  long room;
  /// How many are asked for when `room` is too small.
  long wanted;
  /// Whether postings were damaged.
  int damaged;
  /// The rest is the kernels' own; `block` is ~0 at first.
  uint32_t block;
  int is_good, is_whole, held, width, more;
  const uint8_t *planes, *heads;
  long heads_room, total;
  /// Of the first reader: candidates asked for, those looked at, and those in which the first two terms stand as in the row.
  long asked, looked, survived;
  uint32_t before[8];
} chancery_reader;

typedef struct {
  /// Bytes of one full block of `width` bits (0 ... 32) a number: 16 * width.
  void (*pack)(const uint32_t *values, int width, uint8_t *bytes);
  /// Writes the lower `width` bits (0 ... 32) of numbers one after the other; up to 8 bytes more than these take.
  void (*pack_row)(const uint32_t *values, long count, int width, uint8_t *bytes);
  /// Writes the frequencies of `count` <= 512 postings with their width in front; their bytes. Up to 16 more are written.
  long (*write_frequencies)(const uint32_t *frequencies, long count, uint8_t *bytes);
  /// Writes a chunk of 1 ... 128 gaps and its head; its bytes. Up to 8 more are written.
  long (*write_chunk)(const uint32_t *gaps, long count, uint8_t *head, uint8_t *bytes);
  void (*unpack)(const uint8_t *bytes, int width, uint32_t *values);
  /// Unpacks distances less one and adds them up from `previous`; no result is over `last`.
  void (*unpack_documents)(const uint8_t *bytes, int width, uint32_t previous, uint32_t last, uint32_t *documents);
  /// The same for `count` < 128 distances packed one after the other; the rest of 128 documents becomes the largest number.
  void (*unpack_tail)(const uint8_t *bytes, int width, uint32_t previous, uint32_t last, int count, uint32_t *documents);
  /// Looks for ascending numbers, as far as none is over `last`, among the 128 ascending of `block`; `looked` is how many these are. For those found,
  /// their number in `wanted`, counted from `number`, goes to `kept` and their number in the block, counted from `first`, to `places`; how many. Both
  /// have room for `count`.
  long (*find)(const uint32_t *wanted, long count, const uint32_t *block, uint32_t last, uint32_t number, uint32_t first, uint32_t *kept,
               uint32_t *places, long *looked);
  /// values[i] becomes values[places[i]]; places ascend and are at least i.
  void (*gather)(uint32_t *values, const uint32_t *places, long count);
  /// The frequencies of a term in candidates: documents, or postings `places[numbers[i]]`; 0 where they are damaged.
  void (*frequencies_at)(chancery_reader *reader, const uint32_t *documents, const uint32_t *numbers, long count, uint32_t *frequencies);
  /// How often two terms or more stand in a row in candidates, ascending as far as it goes; terms are looked at in the order given. With `any` only
  /// whether they do. Where a term is in a candidate less often than `needed`, unless that is null, the candidate counts as one without the row.
  /// Returns how many candidates were looked at; fewer when a reader wants more room. `kept` has as much room as the first reader.
  long (*rows_at)(chancery_reader *readers, int terms, const uint32_t *documents, const uint32_t *numbers, const float *needed, long count, int any,
                  uint32_t *kept, uint32_t *frequencies);
  /// Frequencies of `count` <= 512 postings, into room for whole 64s. With width 0 all are 1; else a plane of `count` bits says which are over 1, and width - 1 planes of
  /// `more` bits each, the lowest first, hold what those `more` postings have over 2.
  void (*frequencies)(const uint8_t *planes, int width, int count, int more, uint32_t *frequencies);
  /// How many of `count` bits from number `first` on are set.
  long (*bits_between)(const uint8_t *bytes, long first, long count);
  /// The sum of the frequencies before posting `rank`, in planes as above, and its own.
  long (*locate)(const uint8_t *planes, int width, int count, int more, int rank, uint32_t *frequency);
  /// How many bits of a dense term's group are set, at most 8 words; before[i] is how many are in the words before i.
  int (*group_ranks)(const uint64_t *words, int count, uint32_t *before);
  /// scores[i] = idf * (f / (f + norms[lengths[documents[i]]])) for `count` <= 128 postings.
  void (*score)(const uint32_t *documents, const uint32_t *frequencies, int count, const uint8_t *lengths, const float *norms, float idf,
                float *scores);
  /// norms of 64 documents in a row.
  void (*range_norms)(const uint8_t *lengths, const float *norms, float *result);
  /// Adds a term's scores in a range of 64 documents, set bits of `word`, to `scores`. The planes are its group's, of `total` postings; the range's
  /// first posting is number `rank` in the group.
  void (*score_range)(uint64_t word, const uint8_t *planes, int width, int total, int more, int rank, const float *norms, float idf,
                      float *scores);
  /// least[i] = min(least[i], f) for the frequencies in a range, as `score_range` reads them; lanes without a posting are taken as 1.
  void (*least_range)(uint64_t word, const uint8_t *planes, int width, int total, int more, int rank, int32_t *least);
  /// scores[i] = idf * (f / (f + norms[i])) for 64 frequencies.
  void (*score_lanes)(const int32_t *frequencies, const float *norms, float idf, float *scores);
  /// bounds[i] += table[codes[i]].
  void (*add_bounds)(const uint8_t *codes, const float *table, long count, float *bounds);
  /// bounds[i] += table[codes[documents[i] / 64]] for the documents whose bit is set.
  void (*add_member_bounds)(const uint32_t *documents, long count, const uint64_t *words, const uint8_t *codes, const float *table, float *bounds);
  /// table[i] = min(idf, idf * values[i] * factor) for 256 values.
  void (*scale_bounds)(const float *values, float idf, float factor, float *table);
  /// bounds[i] = min(bounds[i], table[codes[i]]).
  void (*least_bounds)(const uint8_t *codes, const float *table, long count, float *bounds);
  /// Adds scores[i] * unit, rounded up by one at the most, in whole numbers to sums[documents[i] >> shift]; a sum stays at 255. Notes for each range
  /// of 64 documents that has any the number of its first.
  void (*add_rounded)(const uint32_t *documents, const float *scores, long count, float unit, int shift, uint8_t *sums, uint32_t *firsts);
  /// The largest of the 64 >> shift sums of each range.
  void (*range_largest)(const uint8_t *sums, long ranges, int shift, uint8_t *largest);
  /// lanes[i] += value where bit i of `word` is set.
  void (*add_to_lanes)(uint64_t word, float value, float *lanes);
  /// Makes bounds[i] 0 where words[i] is.
  void (*drop_bounds)(const uint64_t *words, long count, float *bounds);
  float (*largest)(const float *bounds, long count);
  /// Sets bit i of `bits` where low <= bounds[i] < high; writes (count + 63) / 64 words.
  void (*bounds_between)(const float *bounds, long count, float low, float high, uint64_t *bits);
  /// The set bits of `mask` whose score is at least `low` and over 0.
  uint64_t (*scores_at_least)(const float *scores, uint64_t mask, float low);
  /// The positions of a posting of a block or group, `frequency` of them, by the heads of the chunks of positions, `room` bytes from there on; the sum of
  /// all frequencies is `total`, of those before the posting `first`. 0 when they are damaged. `positions` has room for 16 more.
  int (*positions)(const uint8_t *heads, long room, long total, long first, uint32_t frequency, uint32_t *positions);
  /// values[i] becomes the sum of values[0 ... i].
  void (*prefix_sums)(uint32_t *values, long count);
  /// Those of `a` for which a + shift is among `b`, moved to `kept`, which may be `a`; how many. Both ascend from `first` and `other_first` on.
  long (*matches)(const uint32_t *a, long count, uint32_t first, uint32_t shift, const uint32_t *b, long other_count, uint32_t other_first,
                  uint32_t *kept);
  /// For each document of a range, set bits of `match`, how often `count` terms stand in a row: frequencies[i], written for those only, unless
  /// it is null. `room` has as many as any frequency. How many documents have the row.
  int (*rows)(uint64_t match, const chancery_positions *terms, int count, uint32_t *room, uint32_t *frequencies);
  /// Moves the `kept` largest of different keys to the front, in any order; the least of them. kept is 1 ... count.
  uint64_t (*select_keys)(uint64_t *keys, long count, long kept);
  /// Sorts, the largest first; there is room for a power of two.
  void (*sort_keys)(uint64_t *keys, long count);
  void (*and_words)(uint64_t *target, const uint64_t *other, long count);
  void (*or_words)(uint64_t *target, const uint64_t *other, long count);
  void (*and_not_words)(uint64_t *target, const uint64_t *other, long count);
  void (*set_bits)(const uint32_t *documents, long count, uint64_t *words);
  /// Moves the documents whose bit is set to the front of `kept`, which may be `documents`, and their numbers to `places`; how many. Both have room for
  /// `count`.
  long (*keep_bits)(const uint32_t *documents, long count, const uint64_t *words, uint32_t *kept, uint32_t *places);
  /// How many of the documents have their bit set.
  long (*count_members)(const uint32_t *documents, long count, const uint64_t *words);
  long (*count_bits)(const uint64_t *words, long count);
} chancery_kernels;

static inline _Bool chancery_are_equal(const void *one, const void *other, long bytes) { return bytes == 0 || memcmp(one, other, (size_t)bytes) == 0; }

/// Asks early for a line of memory that will be read and written.
static inline void chancery_touch(const void *address) { __builtin_prefetch(address, 1); }
/// The same for some that will only be read. Only a hint: any address will do.
static inline void chancery_ask(const void *address, long bytes) {
  for (long at = 0; at < bytes; at += 64) __builtin_prefetch((const char *)address + at);
}

/// Asks early for what reading candidates will touch. Only a hint: damaged offsets do no harm.
void chancery_prefetch(const chancery_reader *reader, const uint32_t *documents, const uint32_t *numbers, long count);

/// Places that `chancery_split` is told the document of one by one.
#define CHANCERY_PLACES 32
/// Turns the ascending places of a term into its postings: starts[d] is document d's first place, starts[d + 1] the end of its places, and
/// hints[p / CHANCERY_PLACES] the document of the first of so many places. Room is for `count`; returns how many documents, and as many frequencies;
/// gaps[i] is the distance from the place before, or from the document's first.
long chancery_split(const uint32_t *places, long count, const uint32_t *starts, const uint32_t *hints, uint32_t *documents, uint32_t *frequencies,
                    uint32_t *gaps);

/// Zeroed memory of the system's own, in whole pages, for `wanted` bytes: with `bytes` over 0 in the place of `memory`, whose contents it keeps without
/// copying them. Null when there is none. Only what has been touched is taken.
void *chancery_resize(void *memory, size_t bytes, size_t wanted);
/// Gives it back.
void chancery_release(void *memory, size_t bytes);

/// The kernels of a level (0 plain C, 1 SSE4.2, 2 AVX2, 3 AVX-512), or null when this machine cannot run them; 0 always can.
const chancery_kernels *chancery_kernels_at(int level);
/// The widest that this machine can run.
const chancery_kernels *chancery_kernels_best(void);

#endif
