#include "node/pipeline/map_keeper.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstring>
#include <memory>
#include <optional>
#include <thread>
#include <utility>

#include "ledger/apply/head_rows.h"
#include "ledger/base/limits.h"

namespace suyuan {
namespace {

// Fewer are not worth a thread; the seal folds them.
constexpr size_t kFoldAheadCodes = 4096;

// Closed to half: otherwise each fold would close what the previous one opened.
Result<ChainMap> fold_within(size_t bytes_max, const ChainMap& map, const MapRows& rows,
                             std::span<const MapEntry> changed) {
  SUYUAN_TRY(folded, map.fold(rows, changed));
  return folded.memory_bytes() > bytes_max ? folded.closed_to(bytes_max / 2) : folded;
}

}  // namespace

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

std::vector<MapEntry> MapKeeper::entries_of(const Heads& heads) {
  std::vector<MapEntry> entries;
  entries.reserve(heads.size());
  for (const auto& [key, head] : heads) {
    entries.push_back({.key = key, .count = head.count, .link = head.link});
  }
  std::sort(entries.begin(), entries.end(),
            [](const MapEntry& a, const MapEntry& b) { return a.key < b.key; });
  return entries;
}

// A map depends only on the chain heads, so it does not matter how often and when it was folded.
void MapKeeper::fold_ahead(const Store& store) {
  if (changed_.size() < kFoldAheadCodes) return;
  if (folding_.valid()) {
    if (folding_.wait_for(std::chrono::seconds(0)) != std::future_status::ready) return;
    // After an error its codes are put back; the next seal meets the error again and reports it.
    if (!take_ahead()) return;
  }
  ahead_ = std::exchange(changed_, {});
  folding_ = std::async(std::launch::async,
                        [bytes_max = bytes_max_, map = map_, entries = entries_of(ahead_),
                         state = std::shared_ptr<const Reader>(store.snapshot())] {
                          return fold_within(bytes_max, map, HeadRows(*state), entries);
                        });
}

Result<Done> MapKeeper::take_ahead() {
  if (!folding_.valid()) return Done{};
  auto folded = folding_.get();
  Heads heads = std::exchange(ahead_, {});
  if (!folded) {
    changed_.merge(heads);  // a head that has grown since stays as it is
    return Unexpected(std::move(folded).error());
  }
  map_ = *std::move(folded);
  return Done{};
}

Result<Done> MapKeeper::fold(const Reader& latest) {
  SUYUAN_TRY_DONE(take_ahead());
  if (changed_.empty()) return Done{};
  SUYUAN_TRY(folded, fold_within(bytes_max_, map_, HeadRows(latest), entries_of(changed_)));
  map_ = std::move(folded);
  changed_.clear();
  return Done{};
}

Result<ChainMap> build_map(const Reader& state, size_t threads, size_t bytes_max) {
  ChainMap::Parts parts;
  std::vector<std::optional<Error>> errors(ChainMap::kParts);
  std::atomic<unsigned> next{0};
  const auto build = [&] {
    const HeadRows rows(state);
    for (unsigned part = next++; part < ChainMap::kParts; part = next++) {
      auto built = ChainMap::build_part(rows, part, bytes_max / ChainMap::kParts);
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
