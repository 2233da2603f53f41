// Where the events of a term are kept: a loose row for one event, or a block for many.
//
//   "T" term[12] spot   empty: an event that has the term
//   "B" term[12] spot   the events after this first one, ascending; each:
//                         varint  time after the one before
//                         varint  its leaf less the one before's, zigzag, times two; plus 1 if the
//                                 event's number follows, and is not the expected one
//                         varint  the event's number; expected: the next in the same leaf, 0 in
//                                 another
//
//   spot = i64 time, u48 leaf, u16 event
//
// The blocks of one term do not overlap. A spot may be both loose and in a block. Pure.
#pragma once

#include <compare>
#include <optional>
#include <span>
#include <vector>

#include "ledger/base/bytes.h"
#include "ledger/base/error.h"
#include "ledger/event/finding.h"

namespace suyuan::epcis {

// An event's spot in an order: a time, then its place.
struct Spot {
  int64_t time_ms = 0;
  Place place;
  friend auto operator<=>(const Spot&, const Spot&) = default;
};

inline constexpr size_t kTermBytes = 12;
inline constexpr size_t kBlockSpotsMax = 512;

enum class Postings : char { loose = 'T', block = 'B' };

// The spot as a row has it: a place beyond the last possible one becomes the last.
Spot stored_spot(Spot spot);
// Replaces `key` with that of a row.
void make_posting_key(Postings kind, BytesView term, const Spot& spot, Bytes& key);
// Returns nullopt if the key is no such row's.
std::optional<Spot> spot_in(BytesView key, Postings kind, BytesView term);

// Replaces `value` with that of the block. Requires: 1 to kBlockSpotsMax stored spots, ascending.
void encode_block(std::span<const Spot> spots, Bytes& value);
// Replaces `spots` with all of the block, ascending; `spots` is unspecified after an error.
// Errors: CORRUPT.
Result<Done> decode_block(const Spot& first, BytesView value, std::vector<Spot>& spots);

}  // namespace suyuan::epcis
