#include "node/epcis/posting_writer.h"

#include <algorithm>
#include <iterator>

namespace suyuan::epcis {
namespace {

bool is_worth_rewriting(size_t block, size_t added) {
  return added > 0 && block <= kRewrittenForEach * added;
}

void merge_into(std::vector<Spot>& all, std::span<const Spot> more) {
  const auto middle = static_cast<std::ptrdiff_t>(all.size());
  all.insert(all.end(), more.begin(), more.end());
  std::inplace_merge(all.begin(), all.begin() + middle, all.end());
}

}  // namespace

Result<Done> PostingWriter::add(BytesView term, std::vector<Spot>& spots) {
  if (!std::ranges::is_sorted(spots)) std::ranges::sort(spots);
  spots.erase(std::unique(spots.begin(), spots.end()), spots.end());
  if (spots.size() < kPackedSpotsMin) {
    put_loose(term, spots);
    return Done{};
  }
  // From the end, because times grow: most often everything lies behind the last block.
  Spots rest = spots;
  for (size_t blocks = 1 + spots.size() / kPackedSpotsMin; blocks > 0 && !rest.empty(); --blocks) {
    SUYUAN_TRY(left, add_last(term, rest));
    rest = rest.first(left);
  }
  put_loose(term, rest);
  return Done{};
}

// Adds the spots that lie in or behind the block of the last one. Returns how many are left, all
// before that block.
Result<size_t> PostingWriter::add_last(BytesView term, Spots spots) {
  SUYUAN_TRY(found, read_block(term, spots.back()));
  if (!found) {
    put_run(term, spots);
    return size_t{0};
  }
  const auto first = std::ranges::lower_bound(spots, block_.front());
  const auto end = std::ranges::upper_bound(spots, block_.back());
  inside_.clear();
  std::set_difference(first, end, block_.begin(), block_.end(), std::back_inserter(inside_));
  const Spots behind(end, spots.end());

  // The spots behind it fill a small block up, so that small writes leave no small blocks.
  const size_t room = kBlockSpotsMax - block_.size();
  const bool takes_behind = is_worth_rewriting(block_.size(), std::min(behind.size(), room));
  const bool takes_inside = inside_.size() >= kPackedSpotsMin &&
                            is_worth_rewriting(block_.size(), inside_.size());
  merged_ = block_;
  if (takes_inside)
    merge_into(merged_, inside_);
  else
    put_loose(term, inside_);
  if (takes_behind)
    merge_into(merged_, behind);
  else
    put_run(term, behind);
  if (merged_.size() > block_.size()) put_blocks(term, merged_);
  return static_cast<size_t>(first - spots.begin());
}

// Reads the block that contains the spot, or else the last one before it. Returns false if there is
// none.
Result<bool> PostingWriter::read_block(BytesView term, const Spot& spot) {
  if (!blocks_) blocks_ = store_.cursor();
  make_posting_key(Postings::block, term, spot, key_);
  key_ += '\0';  // the seek ends before it
  blocks_->seek_backward(key_);
  SUYUAN_TRY_DONE(blocks_->status());
  const auto first = blocks_->valid() ? spot_in(blocks_->key(), Postings::block, term)
                                      : std::nullopt;
  if (!first) return false;
  SUYUAN_TRY_DONE(decode_block(*first, blocks_->value(), block_));
  return true;
}

void PostingWriter::put_loose(BytesView term, Spots spots) {
  for (const Spot& spot : spots) {
    make_posting_key(Postings::loose, term, spot, key_);
    rows_.put(key_, {});
  }
}

void PostingWriter::put_blocks(BytesView term, Spots spots) {
  while (!spots.empty()) {
    const Spots block = spots.first(std::min(spots.size(), kBlockSpotsMax));
    make_posting_key(Postings::block, term, block.front(), key_);
    encode_block(block, value_);
    rows_.put(key_, value_);
    spots = spots.subspan(block.size());
  }
}

// Of spots between two blocks.
void PostingWriter::put_run(BytesView term, Spots spots) {
  if (spots.size() < kPackedSpotsMin)
    put_loose(term, spots);
  else
    put_blocks(term, spots);
}

}  // namespace suyuan::epcis
