// ChainMap: the Merkle trie over every code's chain head (formats.md 6). The rows are in the store,
// sorted by key. Only the trie's upper levels are in memory, down to buckets of 16 rows or fewer on
// average, so an update or a proof reads one bucket.
#pragma once

#include <array>
#include <functional>
#include <memory>
#include <span>

#include "ledger/base/error.h"
#include "ledger/merkle/map_proof.h"

namespace suyuan {

// The rows of one state. Errors are those of the store.
class MapRows {
 public:
  // Returns whether to continue.
  using Visitor = std::function<bool(const MapEntry&)>;
  virtual ~MapRows() = default;
  // Rows with first <= key <= last, ascending.
  virtual Result<Done> scan(const Hash& first, const Hash& last, const Visitor& visit) const = 0;
};

struct MapAnswer {
  std::optional<MapEntry> entry;  // the key's own; nullopt: the map has no such key
  Bytes proof;                    // for proves_presence or proves_absence
};

struct MapPage;

// Whether a built map keeps all its pages, or only the topmost ones, with those below closed.
enum class Pages : uint8_t { open, closed };

// A value, cheap to copy: copies share their pages, and pages never change. So an older map can
// still prove its own state, with that state's rows, on any thread.
class ChainMap {
 public:
  ChainMap() = default;  // of no code

  // Built in one pass over all rows, with a few thousand of them in memory at a time.
  static Result<ChainMap> build(const MapRows& rows, Pages pages = Pages::open);
  // The map after `changed`, whose keys ascend strictly: rows of new codes, or new heads of known
  // ones. `rows` are those of the new state; they are read only near the changes.
  // Errors: CORRUPT (`rows` are not that state: they lack what `changed` says, or a row that was
  // there).
  Result<ChainMap> fold(const MapRows& rows, std::span<const MapEntry> changed) const;

  // `rows` are those that this map was made from. Errors: CORRUPT (they turn out to be others).
  Result<MapAnswer> prove(const MapRows& rows, const Hash& key) const;
  Hash root() const;
  uint64_t size() const;  // number of codes
  size_t memory_bytes() const;
  // The same map with as many of its lowest levels of pages closed as needed. Of a closed page only
  // size and root are kept; whatever is asked of it is rebuilt from its rows. At most `bytes`
  // large, except for its topmost page. So a map of any number of codes fits anywhere.
  ChainMap closed_to(size_t bytes) const;

  // The same work in 16 parts, by the first four bits of the key, for callers with threads: parts
  // are made independently, then joined.
  static constexpr unsigned kParts = 16;
  static unsigned part_of(const Hash& key) { return key.data[0] >> 4; }
  class Part {
    friend class ChainMap;
    std::shared_ptr<const MapPage> page_;  // shared with every map that has this part
  };
  using Parts = std::array<Part, kParts>;
  // Pages are closed while the part is built, so it never grows much larger than `bytes`. Its 17
  // topmost pages stay open.
  static Result<Part> build_part(const MapRows& rows, unsigned part, size_t bytes = SIZE_MAX);
  // `changed`: only those of this part; without any, the part costs nothing.
  Result<Part> fold_part(const MapRows& rows, unsigned part,
                         std::span<const MapEntry> changed) const;
  static ChainMap join(const Parts& parts);

 private:
  std::shared_ptr<const MapPage> top_;  // shared between copies; null: no code
};

}  // namespace suyuan
