#include "node/epcis/indexer.h"

#include <sys/resource.h>
#include <unistd.h>

#include "node/epcis/ledger_source.h"

namespace suyuan::epcis {
namespace {

// Of one write, and of one snapshot of the log.
constexpr size_t kChunkEvents = 1024;
constexpr size_t kChunkTerms = 1 << 16;
constexpr int kNice = 10;              // what can be made later gives way to batches

}  // namespace

void Indexer::start() {
  thread_ = std::thread([this] { run(); });
}

void Indexer::grown(uint64_t size) {
  {
    const std::lock_guard lock(mutex_);
    size_ = std::max(size_, size);
  }
  changed_.notify_one();
}

void Indexer::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_one();
  if (thread_.joinable()) thread_.join();
}

void Indexer::run() {
  // Linux gives each thread its own; where it does not, nothing is lost but the courtesy.
  ::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), kNice);
  parts_.on_indexed(parts_.index.next_leaf());
  for (;;) {
    uint64_t size = 0;
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return stopping_ || size_ > parts_.index.next_leaf(); });
      if (stopping_) return;
      size = size_;
    }
    auto followed = follow(size);
    if (followed) continue;
    parts_.on_fault(followed.error());
    return;
  }
}

// One chunk. If we crash before the write, the next start begins at the same leaf.
Result<Done> Indexer::follow(uint64_t size) {
  const auto state = parts_.store.snapshot();
  std::vector<IndexedEvent> events;
  size_t terms = 0;
  uint64_t leaf = parts_.index.next_leaf();
  while (leaf < size && events.size() < kChunkEvents && terms < kChunkTerms) {
    SUYUAN_TRY(of_leaf, indexed_events(*state, leaf));
    for (const auto& event : of_leaf) terms += event.terms.size();
    events.insert(events.end(), std::make_move_iterator(of_leaf.begin()),
                  std::make_move_iterator(of_leaf.end()));
    ++leaf;
  }
  SUYUAN_TRY_DONE(parts_.index.add(events, leaf));
  parts_.on_indexed(leaf);
  return Done{};
}

}  // namespace suyuan::epcis
