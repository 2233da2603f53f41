// ChainMap: the Merkle trie over every code's chain head (formats.md 6). The rows lie in the store,
// sorted by key; in memory are only the trie's upper levels, down to buckets of 16 rows or fewer on
// average, so that an update or a proof reads one bucket.
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
  // Returns whether to go on.
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

// Whether a map that is built keeps all its pages, or the topmost alone, with those below closed.
enum class Pages : uint8_t { open, closed };

// A value, cheap to copy: copies share their pages, and nothing ever changes a page. So an older
// map goes on to prove its own state, with that state's rows, in any thread.
class ChainMap {
 public:
  ChainMap() = default;  // of no code

  // In one pass over all rows, holding a few thousand of them at a time.
  static Result<ChainMap> build(const MapRows& rows, Pages pages = Pages::open);
  // The map after `changed`, whose keys ascend strictly: rows of new codes, or new heads of known
  // ones. `rows` are those of the new state; they are read only near what changed. CORRUPT where
  // they do not hold what `changed` says, or lack a row that was there: then they are not.
  Result<ChainMap> fold(const MapRows& rows, std::span<const MapEntry> changed) const;

  // `rows` are those that this map was made from; CORRUPT where they are found to be others.
  Result<MapAnswer> prove(const MapRows& rows, const Hash& key) const;
  Hash root() const;
  uint64_t size() const;  // number of codes
  size_t memory_bytes() const;
  // The same map with its lowest pages closed, as many levels of them as it takes: of a closed page
  // only size and root are kept, and what is asked of it is made again from the rows below it. At
  // most `bytes` large, but for its topmost page. So a map of any number of codes fits anywhere.
  ChainMap closed_to(size_t bytes) const;

  // The same work in 16 parts, by the first four bits of the key, for callers with threads: parts
  // are made independently of each other, then joined.
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
  // `changed`: those of this part alone; without any, the part costs nothing.
  Result<Part> fold_part(const MapRows& rows, unsigned part,
                         std::span<const MapEntry> changed) const;
  static ChainMap join(const Parts& parts);

 private:
  std::shared_ptr<const MapPage> top_;  // shared between copies; null: no code
};

}  // namespace suyuan
