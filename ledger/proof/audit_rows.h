// Rows by hash, as many as an audit meets, sorted so that ranges can be read. KeyedRows keeps them
// in memory at close to the size of the rows; ShelvedRows moves the older ones to a shelf.
//
// Rows are in 2^n buckets by the first n bits of their key, sorted, 16 to 32 per bucket on average.
// Keys are hashes: an attacker who makes a million of them agree in 20 bits slows only their own
// lookups.
#pragma once

#include <algorithm>
#include <cstring>
#include <functional>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

#include "ledger/base/bytes.h"
#include "ledger/base/error.h"

namespace suyuan {

// The key's first bytes as a big-endian number, which sorts as the bytes do. Keys are hashes, so it
// distinguishes almost any two, and is faster than comparing all bytes.
inline uint64_t key_front(const Hash& key) {
  uint64_t front = 0;
  for (size_t i = 0; i < sizeof(front); ++i) front = front << 8 | key.data[i];
  return front;
}
inline bool key_below(const Hash& a, const Hash& b) {
  const uint64_t a_front = key_front(a);
  const uint64_t b_front = key_front(b);
  return a_front != b_front ? a_front < b_front : a < b;
}

// Row: a value with a member `Hash key`.
template <class Row>
class KeyedRows {
 public:
  size_t size() const { return size_; }

  const Row* find(const Hash& key) const {
    const Bucket& bucket = buckets_[bucket_of(key)];
    const auto at = std::ranges::lower_bound(bucket, key, key_below, &Row::key);
    return at != bucket.end() && at->key == key ? &*at : nullptr;
  }
  // Returns the row of this key, new if there was none. Valid until the next call.
  Row& at(const Hash& key) {
    Bucket& bucket = buckets_[bucket_of(key)];
    const auto place = std::ranges::lower_bound(bucket, key, key_below, &Row::key);
    if (place != bucket.end() && place->key == key) return *place;
    return insert(bucket, place, key);
  }
  // Visits rows with first <= key <= last, ascending, until `visit` returns false.
  template <class Visit>
  void visit(const Hash& first, const Hash& last, const Visit& visit) const {
    for (size_t i = bucket_of(first); i < buckets_.size(); ++i) {
      const Bucket& bucket = buckets_[i];
      for (auto row = std::ranges::lower_bound(bucket, first, key_below, &Row::key);
           row != bucket.end(); ++row) {
        if (row->key > last || !visit(*row)) return;
      }
    }
  }

 private:
  using Bucket = std::vector<Row>;
  static constexpr size_t kBucketRows = 32;  // the mean at which all buckets are split
  static constexpr size_t kGrowRows = 8;     // keeps little memory unused
  static constexpr unsigned kBitsMax = 32;

  size_t bucket_of(const Hash& key) const {
    return bits_ == 0 ? 0 : static_cast<size_t>(key_front(key) >> (64 - bits_));
  }

  Row& insert(Bucket& bucket, typename Bucket::iterator place, const Hash& key) {
    if (size_ >= kBucketRows << bits_ && bits_ < kBitsMax) {
      split();
      return at(key);
    }
    const auto index = place - bucket.begin();
    if (bucket.size() == bucket.capacity()) {
      // A crowded bucket grows by an eighth. Otherwise it would be copied every eighth row.
      bucket.reserve(bucket.size() + std::max(kGrowRows, bucket.size() / 8));
    }
    Row row{};
    row.key = key;
    ++size_;
    return *bucket.insert(bucket.begin() + index, std::move(row));
  }

  void split() {
    ++bits_;
    std::vector<Bucket> halves(size_t{1} << bits_);
    for (Bucket& bucket : buckets_) {
      const auto middle = std::ranges::partition_point(bucket, [&](const Row& row) {
        return (bucket_of(row.key) & 1) == 0;
      });
      const size_t left = static_cast<size_t>(&bucket - buckets_.data()) * 2;
      halves[left].assign(bucket.begin(), middle);
      halves[left + 1].assign(middle, bucket.end());
      Bucket().swap(bucket);
    }
    buckets_ = std::move(halves);
  }

  size_t size_ = 0;
  unsigned bits_ = 0;
  std::vector<Bucket> buckets_ = std::vector<Bucket>(1);
};

// Holds rows that exceed memory. The core accesses no files: the caller provides it.
class RowShelf {
 public:
  virtual ~RowShelf() = default;
  using Sink = std::function<Result<Done>(BytesView bytes)>;
  using Write = std::function<Result<Done>(const Sink& sink)>;
  // Stores what `write` passes to the sink and returns it as one piece of memory. Valid until the
  // next keep() under the same name has returned. Errors: IO.
  virtual Result<BytesView> keep(const std::string& name, const Write& write) = 0;
};

// Newer rows in memory, older ones sorted on a shelf; a row that changed since is in both, and
// memory wins. The fields of a Row must have no padding.
template <class Row>
class ShelvedRows {
  static_assert(std::is_trivially_copyable_v<Row> && std::is_standard_layout_v<Row>);

 public:
  size_t size() const { return size_; }
  size_t in_memory() const { return recent_.size(); }

  std::optional<Row> find(const Hash& key) const {
    if (const Row* row = recent_.find(key)) return *row;
    return on_shelf(key);
  }
  // Returns the row of this key, new if there was none. Valid until the next call.
  Row& at(const Hash& key) {
    const size_t before = recent_.size();
    Row& row = recent_.at(key);
    if (recent_.size() == before) return row;
    if (const auto older = on_shelf(key)) {
      row = *older;
    } else {
      ++size_;
    }
    return row;
  }
  // Visits rows with first <= key <= last, ascending, until `visit` returns false.
  template <class Visit>
  void visit(const Hash& first, const Hash& last, const Visit& visit) const {
    size_t next = place_of(first);
    bool going = true;
    const auto older_before = [&](const Hash* end) {
      for (; going && next < shelved(); ++next) {
        const Row row = shelved_row(next);
        if (row.key > last || (end != nullptr && row.key >= *end)) return;
        going = visit(row);
      }
    };
    recent_.visit(first, last, [&](const Row& row) {
      older_before(&row.key);
      if (!going) return false;
      if (next < shelved() && shelved_row(next).key == row.key) ++next;
      return going = visit(row);
    });
    older_before(nullptr);
  }

  // Moves all rows to the shelf, in one pass. After an error they are where they were.
  Result<Done> shelve(RowShelf& shelf, const std::string& name) {
    SUYUAN_TRY(bytes, shelf.keep(name, [this](const RowShelf::Sink& sink) -> Result<Done> {
      Result<Done> written = Done{};
      Hash last;
      last.data.fill(0xff);
      visit(Hash{}, last, [&](const Row& row) {
        char raw[sizeof(Row)];
        std::memcpy(raw, &row, sizeof(Row));
        written = sink(BytesView(raw, sizeof(Row)));
        return written.has_value();
      });
      return written;
    }));
    SUYUAN_CHECK(bytes.size() == size_ * sizeof(Row));
    shelf_ = bytes;
    recent_ = KeyedRows<Row>();
    return Done{};
  }

 private:
  size_t shelved() const { return shelf_.size() / sizeof(Row); }
  Row shelved_row(size_t index) const {
    Row row;
    std::memcpy(&row, shelf_.data() + index * sizeof(Row), sizeof(Row));
    return row;
  }
  std::optional<Row> on_shelf(const Hash& key) const {
    const size_t place = place_of(key);
    if (place == shelved()) return std::nullopt;
    const Row row = shelved_row(place);
    return row.key == key ? std::optional(row) : std::nullopt;
  }
  // Returns the first row on the shelf whose key is not below. Keys are hashes, so it is near where
  // their share of all keys says: this reads a page or two, not one for each halving.
  size_t place_of(const Hash& key) const {
    const size_t count = shelved();
    if (count == 0) return 0;
    const uint64_t front = key_front(key) >> 32;
    const auto below = [&](size_t index) { return key_below(shelved_row(index).key, key); };
    const size_t guess = std::min<size_t>(count - 1, (front * count) >> 32);
    size_t from = guess, to = guess, step = 16;  // all before `from` are below, none from `to` on
    while (from > 0 && !below(from - 1)) {
      to = from - 1;
      from -= std::min(from, step);
      step *= 2;
    }
    while (to < count && below(to)) {
      from = to + 1;
      to += std::min(count - to, step);
      step *= 2;
    }
    while (from < to) {
      const size_t middle = from + (to - from) / 2;
      if (below(middle)) {
        from = middle + 1;
      } else {
        to = middle;
      }
    }
    return from;
  }

  KeyedRows<Row> recent_;
  BytesView shelf_;
  size_t size_ = 0;
};

}  // namespace suyuan
