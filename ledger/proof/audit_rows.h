// Rows by hash, in memory, for as many as an audit meets: sorted, so that ranges can be read, and
// close to the size of the rows alone.
//
// Rows lie in 2^n buckets by the first n bits of their key, sorted, 16 to 32 in each on average.
// Keys are hashes; whoever makes a million of them agree in 20 bits makes his own lookups slower
// and nobody else's.
#pragma once

#include <algorithm>
#include <vector>

#include "ledger/base/bytes.h"

namespace suyuan {

// Row: a value with a member `Hash key`.
template <class Row>
class KeyedRows {
 public:
  size_t size() const { return size_; }

  const Row* find(const Hash& key) const {
    const Bucket& bucket = buckets_[bucket_of(key)];
    const auto at = std::ranges::lower_bound(bucket, key, {}, &Row::key);
    return at != bucket.end() && at->key == key ? &*at : nullptr;
  }
  // The row of this key, made from the key alone where there was none. Valid until the next one.
  Row& at(const Hash& key) {
    Bucket& bucket = buckets_[bucket_of(key)];
    const auto place = std::ranges::lower_bound(bucket, key, {}, &Row::key);
    if (place != bucket.end() && place->key == key) return *place;
    return insert(bucket, place, key);
  }
  // Rows with first <= key <= last, ascending, until `visit` says false.
  template <class Visit>
  void visit(const Hash& first, const Hash& last, const Visit& visit) const {
    for (size_t i = bucket_of(first); i < buckets_.size(); ++i) {
      const Bucket& bucket = buckets_[i];
      for (auto row = std::ranges::lower_bound(bucket, first, {}, &Row::key); row != bucket.end();
           ++row) {
        if (row->key > last || !visit(*row)) return;
      }
    }
  }

 private:
  using Bucket = std::vector<Row>;
  static constexpr size_t kBucketRows = 32;  // the mean that splits all buckets
  static constexpr size_t kGrowRows = 8;     // so that little room lies idle
  static constexpr unsigned kBitsMax = 32;

  size_t bucket_of(const Hash& key) const {
    uint64_t front = 0;
    for (size_t i = 0; i < sizeof(front); ++i) front = front << 8 | key.data[i];
    return bits_ == 0 ? 0 : static_cast<size_t>(front >> (64 - bits_));
  }

  Row& insert(Bucket& bucket, typename Bucket::iterator place, const Hash& key) {
    if (size_ >= kBucketRows << bits_ && bits_ < kBitsMax) {
      split();
      return at(key);
    }
    const auto index = place - bucket.begin();
    if (bucket.size() == bucket.capacity()) {
      // A crowded bucket grows by an eighth: else it would be copied at every eighth row.
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

}  // namespace suyuan
