#include "node/upkeep/file_purge.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <chrono>

#include "ledger/store/notice_rows.h"
#include "node/ops/family.h"

namespace suyuan {
namespace {

constexpr int64_t kLookMs = 250;
constexpr int64_t kAgainMsMax = 8000;   // after a view that was in the way
constexpr int64_t kBetweenMs = 2000;    // so that one pass serves many notices
constexpr int64_t kFilesMsMax = 20'000;  // then the pass is made again
constexpr int64_t kSettleMsMax = 30'000;
constexpr size_t kRowsAtOnce = 1024;
constexpr size_t kCountedMax = 100'000;  // in a metric

Result<uint64_t> count_rows(const Reader& reader, std::string_view prefix, size_t most) {
  uint64_t count = 0;
  SUYUAN_TRY_DONE(reader.scan(Table::meta, prefix, after_prefix(prefix), Direction::ascending,
                              [&](BytesView, BytesView) { return ++count < most; }));
  return count;
}

}  // namespace

FilePurge::FilePurge(RocksStore& store, std::function<void()> on_seen)
    : store_(store), on_seen_(std::move(on_seen)), thread_([this] { run(); }) {}

FilePurge::~FilePurge() {
  stop();
  thread_.join();
}

void FilePurge::stop() {
  {
    const std::scoped_lock lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
}

bool FilePurge::pause(int64_t ms) {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, std::chrono::milliseconds(ms), [this] { return stopping_.load(); });
  return !stopping_;
}

void FilePurge::run() {
  int64_t wait_ms = kLookMs;
  while (pause(wait_ms)) {
    const auto done = pass();
    if (done && (!*done || **done > 0)) {
      wait_ms = *done ? kBetweenMs : kLookMs;
      continue;
    }
    wait_ms = std::min(std::max(wait_ms, kLookMs) * 2, kAgainMsMax);
    if (!done && done.error().code != Code::BUSY) {
      spdlog::error("what was erased is still in files; removal is tried again: {}",
                    to_text(done.error()));
    }
  }
}

// A reader of an older file keeps it until it is done. BUSY: for too long, or we stop.
Result<Done> FilePurge::wait_for_files(const std::vector<std::string>& files) {
  for (int64_t waited = 0; waited < kFilesMsMax; waited += kLookMs) {
    if (!store_.any_left(files)) return Done{};
    if (!pause(kLookMs)) break;
  }
  return fail(Code::BUSY, "an older file is still being read");
}

Result<Done> FilePurge::look_for_absent() {
  SUYUAN_TRY(absent, count_rows(*store_.snapshot(), kAbsentRows, kRowsAtOnce));
  if (absent > absent_) {
    spdlog::error("{}{} sealed sections are missing here, and no notice erased them: the node from "
                  "which this one took its log left them out",
                  absent == kRowsAtOnce ? "at least " : "", absent);
  }
  absent_ = absent;
  return Done{};
}

// What an older view sees waits for that view to end; later keys do not wait for it.
Result<std::optional<size_t>> FilePurge::pass() {
  SUYUAN_TRY_DONE(look_for_absent());
  Bytes after;
  while (!stopping_) {
    SUYUAN_TRY(keys, rows_to_purge(*store_.snapshot(), kRowsAtOnce, after));
    if (keys.empty() && after.empty()) return std::optional<size_t>();
    if (keys.empty()) break;
    const bool told = !after.empty();
    after = keys.back();
    SUYUAN_TRY(purged, store_.purge(Table::section, std::move(keys), stopping_));
    if (purged.seen && on_seen_ && !told) on_seen_();
    if (purged.keys.empty()) continue;
    SUYUAN_TRY(count, take_away(purged));
    return std::optional(count);
  }
  return std::optional<size_t>(0);
}

Result<size_t> FilePurge::take_away(const Purged& purged) {
  SUYUAN_TRY_DONE(wait_for_files(purged.files));
  Changes done;
  for (const Bytes& key : purged.keys) {
    done.push_back({.table = Table::meta, .key = Bytes(kPurgeRows) + key, .value = std::nullopt});
  }
  SUYUAN_TRY_DONE(store_.commit(done));
  purged_ += purged.keys.size();
  spdlog::info("{} erased sections have left the store's files", purged.keys.size());
  return purged.keys.size();
}

// Waits for what is due now, not for what is erased in the meantime. No view is held during a
// pause: it would keep later erasures in the files.
Result<Done> FilePurge::settle() {
  SUYUAN_TRY(due, rows_to_purge(*store_.snapshot()));
  for (int64_t waited = 0; waited < kSettleMsMax; waited += kLookMs) {
    bool left = false;
    {
      const auto now = store_.snapshot();
      for (const Bytes& key : due) {
        SUYUAN_TRY(row, now->get(Table::meta, Bytes(kPurgeRows) + key));
        left = left || row.has_value();
      }
    }
    if (!left) return Done{};
    if (!pause(kLookMs)) break;
  }
  return fail(Code::BUSY, "files still hold what was erased; try again in a minute");
}

std::vector<prometheus::MetricFamily> FilePurge::families() const {
  auto gone = counter_family("suyuan_erased_sections_total",
                             "Erased sections that have left the store's files");
  add_count(gone, purged_);
  const auto now = store_.snapshot();
  const auto count = [&](std::string_view prefix) {
    const auto rows = count_rows(*now, prefix, kCountedMax);
    return rows ? static_cast<double>(*rows) : 0.0;  // a failing store reports itself
  };
  return {gauge_family("suyuan_sections_absent",
                       "Sealed sections that are missing here without a notice: the node that "
                       "gave this one its log left them out",
                       count(kAbsentRows)),
          gauge_family("suyuan_erased_in_files",
                       "Erased sections whose bytes may still be in files",
                       count(kPurgeRows)),
          std::move(gone)};
}

}  // namespace suyuan
