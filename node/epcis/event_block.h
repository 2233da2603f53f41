// The rows that say of each event when it was and who may see it, many in one row.
//
//   "E" place   this event and the next ones by place; each:
//                 its place, except the first one's: varint of the leaf less the one before's;
//                   varint of the event's number, in the same leaf less the one before's and less 1
//                 event time, record time: varint, less the one before's, zigzag
//                 scopes: varint 0, as the one before's; or 1 + how many, then each: varint length,
//                   bytes
//
// Pure.
#pragma once

#include <string>
#include <vector>

#include "ledger/base/error.h"
#include "ledger/event/finding.h"
#include "node/epcis/varint.h"

namespace suyuan::epcis {

struct IndexRow {
  int64_t event_time_ms = 0;
  int64_t record_time_ms = 0;
  std::vector<std::string> scopes;
  friend bool operator==(const IndexRow&, const IndexRow&) = default;
};

inline constexpr size_t kBlockEventsMax = 64;
inline constexpr size_t kBlockBytesMax = size_t{16} << 10;  // with these, it takes no further event

class EventBlockWriter {
 public:
  // Returns false, without a change, if the block is full. Requires: the place is after the last.
  bool add(Place place, int64_t event_time_ms, int64_t record_time_ms,
           const std::vector<std::string>& scopes);
  bool empty() const { return count_ == 0; }
  Place first() const { return first_; }  // Requires: !empty()
  const Bytes& value() const { return value_; }
  void clear();

 private:
  Bytes value_;
  size_t count_ = 0;
  Place first_;
  // Of the last event.
  Place place_;
  uint64_t event_time_ = 0;
  uint64_t record_time_ = 0;
  Bytes scopes_;
  Bytes next_scopes_;  // kept for its memory
};

class EventBlockReader {
 public:
  // `value` outlives it.
  EventBlockReader(Place first, BytesView value)
      : reader_(value), size_(value.size()), place_(first) {}
  // Goes to the first event, or to the next one. Returns false at the end. Errors: CORRUPT.
  Result<bool> next();
  Place place() const { return place_; }
  IndexRow row() const;

 private:
  bool read_place();
  bool read_scopes();

  VarintReader reader_;
  const size_t size_;
  size_t count_ = 0;
  Place place_;
  uint64_t event_time_ = 0;
  uint64_t record_time_ = 0;
  BytesView scopes_;  // as they are in the row: 1 + how many, and each
};

}  // namespace suyuan::epcis
