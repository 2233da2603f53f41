#include "node/epcis/event_block.h"

#include <limits>

namespace suyuan::epcis {
namespace {

constexpr BytesView kNoScopes("\x01", 1);  // before the first event

void put_difference(Bytes& out, uint64_t value, uint64_t before) {
  put_varint(out, zigzag(value - before));
}

bool get_difference(VarintReader& reader, uint64_t& value) {
  uint64_t number = 0;
  if (!reader.get(number)) return false;
  value += unzigzag(number);  // modulo 2^64, as it was written
  return true;
}

}  // namespace

bool EventBlockWriter::add(Place place, int64_t event_time_ms, int64_t record_time_ms,
                           const std::vector<std::string>& scopes) {
  if (count_ == kBlockEventsMax || value_.size() >= kBlockBytesMax) return false;
  if (count_ == 0) {
    first_ = place;
    scopes_ = kNoScopes;
  } else {
    SUYUAN_CHECK(place_ < place);
    put_varint(value_, place.leaf - place_.leaf);
    put_varint(value_, place.leaf == place_.leaf ? place.event - place_.event - 1 : place.event);
  }
  place_ = place;
  ++count_;
  put_difference(value_, static_cast<uint64_t>(event_time_ms), event_time_);
  put_difference(value_, static_cast<uint64_t>(record_time_ms), record_time_);
  event_time_ = static_cast<uint64_t>(event_time_ms);
  record_time_ = static_cast<uint64_t>(record_time_ms);

  next_scopes_.clear();
  put_varint(next_scopes_, scopes.size() + 1);
  for (const auto& scope : scopes) {
    put_varint(next_scopes_, scope.size());
    next_scopes_ += scope;
  }
  if (next_scopes_ == scopes_) {
    put_varint(value_, 0);
  } else {
    value_ += next_scopes_;
    scopes_.swap(next_scopes_);
  }
  return true;
}

void EventBlockWriter::clear() {
  value_.clear();
  count_ = 0;
  event_time_ = 0;
  record_time_ = 0;
}

Result<bool> EventBlockReader::next() {
  if (count_ > 0 && reader_.done()) return false;
  const bool full = count_ == kBlockEventsMax || size_ - reader_.rest().size() >= kBlockBytesMax;
  const bool good = !full && read_place() && get_difference(reader_, event_time_) &&
                    get_difference(reader_, record_time_) && read_scopes();
  if (!good) return fail(Code::CORRUPT, "a row of the EPCIS index is damaged");
  ++count_;
  return true;
}

bool EventBlockReader::read_place() {
  if (count_ == 0) return true;
  uint64_t leaves = 0;
  uint64_t event = 0;
  if (!reader_.get(leaves) || !reader_.get(event)) return false;
  constexpr uint64_t kEventMax = std::numeric_limits<uint32_t>::max();
  if (leaves > std::numeric_limits<uint64_t>::max() - place_.leaf || event > kEventMax)
    return false;
  if (leaves == 0) event += uint64_t{place_.event} + 1;
  if (event > kEventMax) return false;
  place_ = {.leaf = place_.leaf + leaves, .event = static_cast<uint32_t>(event)};
  return true;
}

bool EventBlockReader::read_scopes() {
  if (count_ == 0) scopes_ = kNoScopes;
  const BytesView from = reader_.rest();
  uint64_t number = 0;
  if (!reader_.get(number)) return false;
  if (number == 0) return true;
  for (uint64_t i = 1; i < number; ++i) {
    uint64_t bytes = 0;
    BytesView scope;
    if (!reader_.get(bytes) || !reader_.get_bytes(bytes, scope)) return false;
  }
  const BytesView read = from.substr(0, from.size() - reader_.rest().size());
  if (read == scopes_) return false;  // it would have been written as 0
  scopes_ = read;
  return true;
}

IndexRow EventBlockReader::row() const {
  IndexRow row{.event_time_ms = static_cast<int64_t>(event_time_),
               .record_time_ms = static_cast<int64_t>(record_time_),
               .scopes = {}};
  VarintReader scopes(scopes_);
  uint64_t number = 0;
  uint64_t bytes = 0;
  BytesView scope;
  for (scopes.get(number); number > 1 && scopes.get(bytes) && scopes.get_bytes(bytes, scope);
       --number) {
    row.scopes.emplace_back(scope);
  }
  return row;
}

}  // namespace suyuan::epcis
