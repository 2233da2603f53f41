#include "node/epcis/spot_stream.h"

#include <algorithm>

namespace suyuan::epcis {

// The rows of one kind and one term, as spots in the order of the stream.
class SpotSource {
 public:
  SpotSource(std::unique_ptr<SideCursor> rows, Postings kind, Bytes term, bool ascending)
      : ascending_(ascending), rows_(std::move(rows)), kind_(kind), term_(std::move(term)) {}
  virtual ~SpotSource() = default;
  virtual void seek(const Spot& spot, bool at) = 0;
  virtual void next() = 0;  // Requires: spot()
  const std::optional<Spot>& spot() const { return spot_; }
  virtual Result<Done> status() const { return rows_->status(); }

 protected:
  Bytes key_of(const Spot& spot) const {
    Bytes key;
    make_posting_key(kind_, term_, spot, key);
    return key;
  }
  void step() {
    if (ascending_)
      rows_->next();
    else
      rows_->previous();
  }
  // Returns nullopt where the cursor has left the term's rows.
  std::optional<Spot> row() const {
    return rows_->valid() ? spot_in(rows_->key(), kind_, term_) : std::nullopt;
  }

  const bool ascending_;
  const std::unique_ptr<SideCursor> rows_;
  std::optional<Spot> spot_;

 private:
  const Postings kind_;
  const Bytes term_;
};

namespace {

class LooseSpots final : public SpotSource {
 public:
  LooseSpots(const SideStore& store, const Bytes& term, bool ascending)
      : SpotSource(store.cursor(), Postings::loose, term, ascending) {}

  void seek(const Spot& spot, bool at) override {
    Bytes key = key_of(spot);
    // One more byte gives the next possible key. Going forward, that skips the spot; going
    // backward, where a seek ends before the key, it includes it.
    if (ascending_ != at) key += '\0';
    if (ascending_)
      rows_->seek(key);
    else
      rows_->seek_backward(key);
    spot_ = row();
  }
  void next() override {
    step();
    spot_ = row();
  }
};

class BlockSpots final : public SpotSource {
 public:
  BlockSpots(const SideStore& store, const Bytes& term, bool ascending)
      : SpotSource(store.cursor(), Postings::block, term, ascending) {}

  // Blocks do not overlap: only the last one that begins at or before the spot can contain it.
  void seek(const Spot& spot, bool at) override {
    fault_ = Done{};
    Bytes key = key_of(spot);
    rows_->seek_backward(key + '\0');
    if (!row() && ascending_ && rows_->status()) rows_->seek(key);
    if (!read()) return;
    const Spot sought = stored_spot(spot);
    const auto bound = at == ascending_ ? std::ranges::lower_bound(spots_, sought)
                                        : std::ranges::upper_bound(spots_, sought);
    at_ = static_cast<size_t>(bound - spots_.begin());
    if (at_ == (ascending_ ? spots_.size() : 0)) {
      read_next();
      return;
    }
    if (!ascending_) --at_;
    spot_ = spots_[at_];
  }

  void next() override {
    if (at_ == (ascending_ ? spots_.size() - 1 : 0)) {
      read_next();
      return;
    }
    at_ = ascending_ ? at_ + 1 : at_ - 1;
    spot_ = spots_[at_];
  }

  Result<Done> status() const override { return fault_ ? rows_->status() : fault_; }

 private:
  // Reads the block at the cursor. Returns false at the end, and if it is damaged.
  bool read() {
    spot_ = std::nullopt;
    const auto first = row();
    if (!first) return false;
    fault_ = decode_block(*first, rows_->value(), spots_);
    return fault_.has_value();
  }

  // Goes to the beginning of the next block in the order.
  void read_next() {
    const Spot edge = ascending_ ? spots_.back() : spots_.front();
    step();
    if (!read()) return;
    at_ = ascending_ ? 0 : spots_.size() - 1;
    if (ascending_ ? spots_.front() > edge : spots_.back() < edge)
      spot_ = spots_[at_];
    else
      fault_ = fail(Code::CORRUPT, "blocks of the EPCIS index overlap");
  }

  std::vector<Spot> spots_;  // of the block at the cursor
  size_t at_ = 0;            // of spot_ among them
  Result<Done> fault_ = Done{};
};

}  // namespace

SpotStream::SpotStream(const SideStore& store, std::vector<Bytes> terms, bool ascending,
                       IndexDamage* damage)
    : ascending_(ascending), damage_(damage) {
  std::sort(terms.begin(), terms.end());
  terms.erase(std::unique(terms.begin(), terms.end()), terms.end());
  for (const auto& term : terms) {
    all_.push_back(std::make_unique<LooseSpots>(store, term, ascending));
    all_.push_back(std::make_unique<BlockSpots>(store, term, ascending));
  }
}
SpotStream::SpotStream(SpotStream&&) noexcept = default;
SpotStream::~SpotStream() = default;

void SpotStream::seek(const Spot& spot, bool at) {
  for (const auto& one : all_) one->seek(spot, at);
}

Result<std::optional<Spot>> SpotStream::next() {
  return damage_ == nullptr ? read() : damage_->checked(read());
}

Result<std::optional<Spot>> SpotStream::read() {
  std::optional<Spot> best;
  for (const auto& one : all_) {
    SUYUAN_TRY_DONE(one->status());
    const auto& spot = one->spot();
    if (spot && (!best || (ascending_ ? *spot < *best : *spot > *best))) best = spot;
  }
  if (!best) return std::optional<Spot>{};
  for (const auto& one : all_) {
    if (one->spot() == best) one->next();
  }
  return best;
}

}  // namespace suyuan::epcis
