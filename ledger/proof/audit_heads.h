// The head of every code's chain, recomputed link by link, and the map over them.
//
// Memory: 72 bytes for each code that is not on the shelf, plus some 20 % spare room; the map's
// upper levels, 7 bytes per code, as far as the bound allows; 32 bytes for each link since the last
// root().
#pragma once

#include "ledger/event/finding.h"
#include "ledger/merkle/chain_map.h"
#include "ledger/proof/audit_rows.h"

namespace suyuan {

class AuditHeads final : public MapRows {
 public:
  // Adds the next link of the code's chain (formats.md 5). `record`: RFC 6962 leaf hash.
  void link(const Hash& code, Place place, const Hash& record);
  uint64_t codes() const { return rows_.size(); }
  std::optional<MapEntry> find(const Hash& code) const { return rows_.find(code); }
  // Returns the root of the map of all codes as they are now. Only what changed since the last call
  // is hashed again. An error is a fault of this program.
  Result<Hash> root();
  // Bounds the map's memory, from the next root() on. A larger map has its lower pages closed; they
  // are rebuilt from their rows where one of them changes.
  void bound_map(size_t bytes) { map_bytes_max_ = bytes; }

  Result<Done> scan(const Hash& first, const Hash& last, const Visitor& visit) const override;

  // Codes whose heads are in memory, and codes that the next root() has to process.
  size_t in_memory() const { return rows_.in_memory(); }
  size_t changed() const { return changed_.size(); }
  size_t map_bytes() const { return map_.memory_bytes(); }
  Result<Done> shelve(RowShelf& shelf) { return rows_.shelve(shelf, "heads"); }

  // For a saved audit: restores a row as scan gave it. The next root() is computed from all rows.
  void restore(const MapEntry& row);

 private:
  Result<Done> fold(std::span<const Hash> changed);

  ShelvedRows<MapEntry> rows_;
  ChainMap map_;
  size_t map_bytes_max_ = SIZE_MAX;
  std::vector<Hash> changed_;     // codes since the last root(); may repeat
  size_t changed_enough_ = 1 << 20;  // repeats are removed above this
  bool restored_ = false;
};

}  // namespace suyuan
