#include "node/upkeep/scrub.h"

#include <spdlog/spdlog.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>

#include "ledger/apply/apply.h"
#include "ledger/apply/log_reader.h"
#include "ledger/base/coding.h"
#include "ledger/base/text.h"
#include "ledger/crypto/hash.h"
#include "ledger/merkle/proof.h"
#include "ledger/merkle/tree.h"
#include "ledger/proof/leaf_check.h"
#include "ledger/proof/log_files.h"
#include "node/ops/family.h"

namespace suyuan {
namespace {

constexpr int kScrubNice = 15;
constexpr size_t kPageBytes = size_t{16} << 20;  // of attachments, under one iterator

Error damaged(std::string what) {
  return {.code = Code::CORRUPT,
          .message = std::move(what) + ". The disk changed what was written: keep this store "
                                       "as evidence, and restore a backup"};
}

}  // namespace

Scrub::Scrub(Parts parts, Pace pace) : parts_(std::move(parts)), pace_(pace) {
  thread_ = std::thread([this] { run(); });
}

Scrub::~Scrub() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

std::vector<prometheus::MetricFamily> Scrub::families() const {
  auto bytes = counter_family("suyuan_scrub_bytes_total", "Bytes read again and checked");
  add_count(bytes, bytes_);
  auto faults = counter_family("suyuan_scrub_faults_total", "Changes found on the disk");
  add_count(faults, faults_);
  auto passes = counter_family("suyuan_scrub_passes_total", "Full passes");
  add_count(passes, passes_);
  return {bytes, faults, passes,
          gauge_family("suyuan_scrub_last_pass_seconds",
                       "End of the last full pass, in seconds since 1970; 0: none yet",
                       static_cast<double>(last_ms_) / 1000)};
}

void Scrub::run() {
  ::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), kScrubNice);
  for (;;) {
    {
      std::unique_lock lock(mutex_);
      if (changed_.wait_for(lock, pace_.pause, [this] { return stopping_; })) return;
    }
    const uint64_t before = faults_;
    if (!pass()) return;
    ++passes_;
    last_ms_ = parts_.clock();
    if (faults_ == before) spdlog::info("scrub: the whole store was read, nothing has changed");
  }
}

bool Scrub::pass() { return read_files() && read_log() && read_attachments(); }

bool Scrub::spend(uint64_t bytes) {
  bytes_ += bytes;
  const auto pause = std::chrono::duration<double>(static_cast<double>(bytes) /
                                                   static_cast<double>(pace_.bytes_per_second));
  std::unique_lock lock(mutex_);
  return !changed_.wait_for(lock, pause, [this] { return stopping_; });
}

void Scrub::found(const Error& damage) {
  ++faults_;
  spdlog::critical("scrub: {}", to_text(damage));
  parts_.on_damage(damage);
}

bool Scrub::read_files() {
  for (const auto& file : parts_.store.table_files()) {
    auto verified = verify_table_file(file);
    if (!verified && verified.error().code == Code::NOT_FOUND) continue;
    // Checks again: a fault between disk and memory is not a fault of the disk.
    if (!verified) verified = verify_table_file(file);
    if (!verified && verified.error().code == Code::NOT_FOUND) continue;
    if (!verified) found(verified.error());
    if (!spend(file.bytes)) return false;
  }
  return true;
}

// 256 leaves, and their events.
bool Scrub::read_bundle(uint64_t first, uint64_t size, Frontier& frontier) {
  auto rows = parts_.store.snapshot();
  const uint64_t index = first / kTileWidth;
  const auto tile = [&](std::optional<unsigned> level) {
    return read_tile(*rows, size,
                     {.level = level, .index = index, .width = tile_width(size, level, index)});
  };
  const auto bundle = tile(std::nullopt);
  const auto tree = tile(0);
  if (!bundle || !tree) {
    found(bundle ? tree.error() : bundle.error());
    return true;
  }
  const unsigned width = tile_width(size, 0, index);
  const auto entries = decode_entries(*bundle, width);
  const auto hashes = decode_tile(*tree, width);
  if (!entries || !hashes) {
    found(entries ? hashes.error() : entries.error());
    return true;
  }
  uint64_t bytes = bundle->size() + tree->size();
  for (unsigned i = 0; i < width; ++i) {
    const uint64_t leaf = first + i;
    const Hash hash = leaf_hash((*entries)[i]);
    if (hash != (*hashes)[i])
      found(damaged("leaf " + std::to_string(leaf) + " is not what the tree holds"));
    frontier.append(hash);
    const auto events = read_leaf_events(*rows, size, leaf, LogReadBy::owner);
    const auto opened = events ? open_leaf_events((*entries)[i], *events)
                               : Result<std::vector<LeafEvent>>(Unexpected(events.error()));
    if (!opened)
      found(damaged("the events of leaf " + std::to_string(leaf) + ": " + opened.error().message));
    if (events) bytes += events->size();
  }
  rows.reset();  // what is erased stays in files as long as an older view is open
  return spend(bytes);
}

bool Scrub::read_log() {
  uint64_t size = 0;
  Hash root;
  {
    const auto rows = parts_.store.snapshot();
    const auto head = read_head(*rows);
    const TreeRows tree(*rows);
    const auto of_rows = head ? root_of(TiledNodes(tree), head->leaves)
                              : Result<Hash>(Unexpected(head.error()));
    if (!of_rows) {
      found(of_rows.error());
      return true;
    }
    size = head->leaves;
    root = *of_rows;
  }
  Frontier frontier;
  for (uint64_t first = 0; first < size; first += kTileWidth) {
    if (!read_bundle(first, size, frontier)) return false;
  }
  if (frontier.size() == size && frontier.root() != root)
    found(damaged("the tree over " + std::to_string(size) + " leaves is not that of the leaves"));
  return true;
}

bool Scrub::read_attachments() {
  Bytes from;
  for (bool more = true; more;) {
    more = false;
    uint64_t bytes = 0;
    auto rows = parts_.store.snapshot();
    const auto scanned = rows->scan(
        Table::attachment, from, {}, Direction::ascending, [&](BytesView key, BytesView value) {
          if (bytes > kPageBytes) {
            from = Bytes(key);
            more = true;
            return false;
          }
          Decoder in(value);
          std::string media_type;
          if (!in.get_string(media_type) || sha256(in.rest()).view() != key)
            found(damaged("attachment " + to_hex(key) + " has bytes that do not match its name"));
          bytes += value.size();
          return true;
        });
    if (!scanned) found(scanned.error());
    rows.reset();
    if (!spend(bytes)) return false;
  }
  return true;
}

}  // namespace suyuan
