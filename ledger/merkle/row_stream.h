// RowStream: rows pulled from MapRows, some thousand at a time, and checked. For chain_map*.cc
// alone.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "ledger/merkle/map_page.h"

namespace suyuan {

class RowStream {
 public:
  // The rows of `range`; `rows` outlives the stream. `changed`: rows of the range that must be
  // among them, ascending.
  RowStream(const MapRows& rows, const KeyRange& range, std::span<const MapEntry> changed = {});
  // Until `count` rows are at hand, or all that are left; at least `ahead` are asked for at once.
  // CORRUPT: rows out of order, outside the range, with a count of 0, or not as `changed` says.
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
