// LotUnits: units of a lot in little memory: a million in some 80 MB. Internal to this folder.
#pragma once

#include <deque>
#include <string>
#include <vector>

#include "ledger/apply/fact_reader.h"

namespace suyuan {

class LotUnits {
 public:
  struct Unit {
    std::string code;
    Hash key;
    Instant made;  // when it was made from the lot
  };

  // `unit`: a fact of Aspect::unit.
  void add(const Fact& unit);
  // Orders them by key, as the store does; those of one key by time. Before, they are in the order
  // in which they were added.
  void order_by_key();

  // Those from here on in the order of their making.
  void order_by_making(size_t from);

  size_t size() const { return entries_.size(); }
  size_t bytes() const { return entries_.size() * sizeof(Entry) + texts_.capacity(); }
  const Hash& key(size_t i) const { return entries_[i].key; }
  Unit unit(size_t i) const;

 private:
  // The code begins as the first one does: only the rest is kept, in `texts_`.
  struct Entry {
    Hash key;
    int64_t time_ms;
    uint64_t leaf;
    uint32_t event;
    uint32_t text;
  };

  std::deque<Entry> entries_;  // takes hardly more than it holds, and grows without a copy
  std::vector<char> texts_;    // for each: how many bytes are alike, how many follow; these
  std::string first_;
};

}  // namespace suyuan
