#include "node/epcis/indexer.h"

#include <sys/resource.h>
#include <unistd.h>

#include <chrono>

#include "node/epcis/ledger_source.h"

namespace suyuan::epcis {
namespace {

// Bounds one write, and one snapshot of the log.
constexpr size_t kChunkEvents = 2048;
constexpr size_t kChunkTerms = 1 << 16;
constexpr uint64_t kChunkLeaves = 512;  // once there are this many, indexing starts
constexpr auto kGather = std::chrono::milliseconds(20);
constexpr int kNice = 10;  // work that can be done later yields to batches

}  // namespace

void Indexer::start() {
  thread_ = std::thread([this] { run(); });
}

void Indexer::grown(uint64_t size) {
  {
    const std::lock_guard lock(mutex_);
    size_ = std::max(size_, size);
    if (size_ < wake_at_) return;
  }
  changed_.notify_one();
}

void Indexer::want(uint64_t size) {
  {
    const std::lock_guard lock(mutex_);
    wanted_ = std::max(wanted_, size);
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
  // On Linux each thread has its own priority. Elsewhere only the lower priority is lost.
  ::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), kNice);
  parts_.on_indexed(parts_.index.next_leaf());
  for (;;) {
    uint64_t size = 0;
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return stopping_ || size_ > parts_.index.next_leaf(); });
      // Leaves come in runs, and indexing many costs little more than one; but no waiter is
      // delayed.
      wake_at_ = parts_.index.next_leaf() + kChunkLeaves;
      changed_.wait_for(lock, kGather, [this] {
        return stopping_ || wanted_ > parts_.index.next_leaf() || size_ >= wake_at_;
      });
      wake_at_ = 0;
      if (stopping_) return;
      size = size_;
    }
    auto followed = follow(size);
    if (followed) continue;
    parts_.on_fault(followed.error());
    return;
  }
}

// Indexes one chunk. After a crash before the write, the next start begins at the same leaf.
Result<Done> Indexer::follow(uint64_t size) {
  const auto state = parts_.store.snapshot();
  SUYUAN_TRY(chunk, indexed_events(*state, parts_.index.next_leaf(), size, kChunkEvents,
                                   kChunkTerms));
  SUYUAN_TRY_DONE(parts_.index.add(chunk.events, chunk.next));
  parts_.on_indexed(chunk.next);
  return Done{};
}

}  // namespace suyuan::epcis
