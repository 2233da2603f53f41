#include "node/map_keeper.h"

#include <algorithm>
#include <atomic>
#include <cstring>
#include <optional>
#include <thread>
#include <vector>

#include "ledger/apply/head_rows.h"
#include "ledger/base/limits.h"

namespace suyuan {

size_t MapKeeper::FirstBytes::operator()(const Hash& key) const {
  size_t number = 0;
  std::memcpy(&number, key.data.data(), sizeof number);
  return number;
}

void MapKeeper::mark(const Changes& changes) {
  for (const Change& change : changes) {
    if (change.table != Table::head) continue;
    SUYUAN_CHECK(change.value);  // a chain never goes away
    const auto head = decode<ChainHead>(*change.value);
    SUYUAN_CHECK(head);  // apply has just encoded it
    changed_.insert_or_assign(Hash::from(change.key), *head);
  }
}

bool MapKeeper::is_full() const { return changed_.size() >= limits::kUnfoldedCodesMax; }

Result<Done> MapKeeper::fold(const Reader& latest) {
  if (changed_.empty()) return Done{};
  std::vector<MapEntry> entries;
  entries.reserve(changed_.size());
  for (const auto& [key, head] : changed_) {
    entries.push_back({.key = key, .count = head.count, .link = head.link});
  }
  std::sort(entries.begin(), entries.end(),
            [](const MapEntry& a, const MapEntry& b) { return a.key < b.key; });
  SUYUAN_TRY(folded, map_.fold(HeadRows(latest), entries));
  map_ = std::move(folded);
  changed_.clear();
  return Done{};
}

Result<ChainMap> build_map(const Reader& state, size_t threads) {
  ChainMap::Parts parts;
  std::vector<std::optional<Error>> errors(ChainMap::kParts);
  std::atomic<unsigned> next{0};
  const auto build = [&] {
    const HeadRows rows(state);
    for (unsigned part = next++; part < ChainMap::kParts; part = next++) {
      auto built = ChainMap::build_part(rows, part);
      if (built) {
        parts[part] = *std::move(built);
      } else {
        errors[part] = std::move(built).error();
      }
    }
  };
  std::vector<std::thread> others;
  for (size_t i = 1; i < threads; ++i) others.emplace_back(build);
  build();
  for (auto& other : others) other.join();
  for (auto& error : errors) {
    if (error) return Unexpected(*std::move(error));
  }
  return ChainMap::join(parts);
}

}  // namespace suyuan
