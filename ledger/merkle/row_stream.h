// RowStream: reads rows from MapRows, a few thousand at a time, and checks them. For chain_map*.cc
// only.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "ledger/merkle/map_page.h"

namespace suyuan {

class RowStream {
 public:
  // Streams the rows of `range`. `rows` must outlive the stream. `changed`: rows of the range that
  // must be among them, ascending.
  RowStream(const MapRows& rows, const KeyRange& range, std::span<const MapEntry> changed = {});
  // Reads until `count` rows are available, or all that are left; requests at least `ahead` at
  // once.
  // Errors: CORRUPT (rows out of order, outside the range, with a count of 0, or other than
  // `changed` says).
  Result<Done> fill(size_t count, size_t ahead = 0);
  std::span<const MapEntry> rows() const { return std::span(rows_).subspan(begin_); }
  void drop(size_t count) { begin_ += count; }

 private:
  Result<Done> check(const MapEntry& row);
  Result<Done> end();

  const MapRows& source_;
  const Hash last_;
  std::optional<Hash> next_;  // the first key not read yet; nullopt: all are read
  std::span<const MapEntry> changed_;
  std::vector<MapEntry> rows_;
  size_t begin_ = 0;
};

}  // namespace suyuan
