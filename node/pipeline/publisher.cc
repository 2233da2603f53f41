#include "node/pipeline/publisher.h"

#include <spdlog/spdlog.h>

#include "ledger/base/limits.h"
#include "ledger/proof/checkpoint.h"
#include "node/ops/stopwatch.h"

namespace suyuan {

Publisher::Publisher(Parts parts, Watermark watermark)
    : parts_(std::move(parts)), watermark_(std::move(watermark)) {}

Result<Done> Publisher::load(const Reader& store) {
  SUYUAN_CHECK(!thread_.joinable());
  SUYUAN_TRY(kept, checkpoint_sizes(store));
  kept_ = std::move(kept);
  return Done{};
}

Result<bool> Publisher::restore(const Sealed& sealed) {
  SUYUAN_CHECK(!thread_.joinable());
  if (kept_.empty() || kept_.back() != sealed.head.leaves) return false;
  SUYUAN_TRY(note, find_checkpoint(*sealed.state, sealed.head.leaves));
  if (!note) return false;
  const TreeHead tree{.size = sealed.head.leaves, .root = sealed.root};
  const Checkpoint checkpoint{.origin = sealed.head.origin, .head = tree};
  if (!note->starts_with(write_checkpoint(checkpoint) + "\n")) {
    return fail(Code::CORRUPT, "the stored checkpoint of " + std::to_string(tree.size) +
                                   " leaves is not that of the log; keep this store as evidence");
  }
  serve(sealed, *std::move(note));
  return true;
}

void Publisher::start() {
  SUYUAN_CHECK(!thread_.joinable());
  thread_ = std::thread([this] { run(); });
}

void Publisher::publish(Sealed sealed) {
  {
    const std::scoped_lock lock(mutex_);
    next_ = std::move(sealed);
  }
  arrived_.notify_one();
}

void Publisher::stop() {
  {
    const std::scoped_lock lock(mutex_);
    stopping_ = true;
  }
  arrived_.notify_one();
  if (thread_.joinable()) thread_.join();
}

void Publisher::run() {
  for (;;) {
    std::optional<Sealed> sealed;
    {
      std::unique_lock lock(mutex_);
      arrived_.wait(lock, [this] { return stopping_ || next_; });
      if (!next_) return;
      sealed.swap(next_);
    }
    const auto done = take(*std::move(sealed));
    if (done) continue;
    parts_.on_fault(done.error());
    return;
  }
}

// The seal is committed. After a crash before the watermark, nobody has seen a checkpoint, and the
// next start publishes this seal. After a crash later, likewise: the same text is signed again, to
// the same bytes except the witnesses' times, and never another checkpoint of that size. Once the
// row is stored, every later start serves its bytes.
Result<Done> Publisher::take(Sealed sealed) {
  const Stopwatch whole;
  step(PublishStep::committed);
  const TreeHead tree{.size = sealed.head.leaves, .root = sealed.root};
  SUYUAN_TRY_DONE(watermark_.raise(tree));
  step(PublishStep::marked);

  const Stopwatch signing;
  const Checkpoint checkpoint{.origin = sealed.head.origin, .head = tree};
  std::string note =
      sign_checkpoint(checkpoint, parts_.log_key.pair.secret, parts_.log_key.pair.key);
  if (parts_.own_line) note += parts_.own_line(checkpoint);
  parts_.metrics.seal_sign_seconds.Observe(signing.seconds());
  step(PublishStep::signed_);

  if (parts_.witnesses != nullptr) {
    const Stopwatch asking;
    parts_.published.set_coming({.size = tree.size, .state = sealed.state});
    note += parts_.witnesses->cosign(
        {.checkpoint = note, .tree = tree, .state = *sealed.state});
    parts_.metrics.seal_witness_seconds.Observe(asking.seconds());
  }
  // So that readers keep skipping lines that they do not know. Not random: signing the same seal
  // again gives the same bytes.
  note += write_note_line(grease_line(tree.root));
  step(PublishStep::cosigned);
  SUYUAN_TRY_DONE(store_checkpoint(tree.size, note));
  step(PublishStep::stored);
  parts_.metrics.seal_publish_seconds.Observe(whole.seconds());
  serve(std::move(sealed), std::move(note));
  step(PublishStep::published);
  return Done{};
}

// The row has its own commit, after the seal's; the sequencer may commit at the same time.
Result<Done> Publisher::store_checkpoint(uint64_t size, const std::string& note) {
  Changes changes = {{.table = Table::checkpoint, .key = u64_key(size), .value = note}};
  kept_.push_back(size);
  while (kept_.size() > limits::kCheckpointsKept) {
    changes.push_back(
        {.table = Table::checkpoint, .key = u64_key(kept_.front()), .value = std::nullopt});
    kept_.pop_front();
  }
  return parts_.store.commit(changes);
}

void Publisher::serve(Sealed sealed, std::string note) {
  auto next = std::make_shared<Published>();
  next->tree = {.size = sealed.head.leaves, .root = sealed.root};
  next->head = std::move(sealed.head);
  next->checkpoint = std::move(note);
  next->state = std::move(sealed.state);
  next->map = std::move(sealed.map);
  next->at_ms = parts_.clock();
  parts_.metrics.published_size.Set(static_cast<double>(next->tree.size));
  parts_.published.set(next);
  if (parts_.on_published) parts_.on_published(*next);
}

void Publisher::step(PublishStep at) const {
  if (parts_.on_step) parts_.on_step(at);
}

Result<std::optional<std::string>> find_checkpoint(const Reader& reader, uint64_t size) {
  return reader.get(Table::checkpoint, u64_key(size));
}

Result<std::deque<uint64_t>> checkpoint_sizes(const Reader& reader) {
  std::deque<uint64_t> sizes;
  bool whole = true;
  SUYUAN_TRY_DONE(reader.scan(Table::checkpoint, {}, {}, Direction::ascending,
                              [&](BytesView key, BytesView) {
                                Decoder in(key);
                                whole = in.get_u64(sizes.emplace_back()) && in.done();
                                return whole;
                              }));
  if (!whole) return fail(Code::CORRUPT, "the table of checkpoints has a row without a size");
  return sizes;
}

}  // namespace suyuan
