// Writes the events of terms: few as loose rows, many packed into blocks.
#pragma once

#include <memory>
#include <vector>

#include "ledger/store/rocks/side_store.h"
#include "node/epcis/posting_block.h"

namespace suyuan::epcis {

// Fewer spots of a term are written as loose rows, without reading.
inline constexpr size_t kPackedSpotsMin = 8;
// A block takes up new spots only if it has at most so many for each of them: rewriting it costs
// more than loose rows otherwise.
inline constexpr size_t kRewrittenForEach = 8;

// Makes the rows of one write. A term is added at most once, because its blocks are read from the
// store as it was before.
class PostingWriter {
 public:
  // `store` and `rows` outlive it.
  PostingWriter(const SideStore& store, SideRows& rows) : store_(store), rows_(rows) {}

  // Adds stored spots, in any order. Those that the term has already change nothing. Reads at most
  // one block for each kPackedSpotsMin spots, and one more. Errors: IO, CORRUPT.
  Result<Done> add(BytesView term, std::vector<Spot>& spots);

 private:
  using Spots = std::span<const Spot>;
  Result<size_t> add_last(BytesView term, Spots spots);
  Result<bool> read_block(BytesView term, const Spot& spot);
  void put_loose(BytesView term, Spots spots);
  void put_blocks(BytesView term, Spots spots);
  void put_run(BytesView term, Spots spots);

  const SideStore& store_;
  SideRows& rows_;
  std::unique_ptr<SideCursor> blocks_;  // made when needed
  std::vector<Spot> block_;             // the block that was read last
  // Kept for their memory.
  std::vector<Spot> inside_;
  std::vector<Spot> merged_;
  Bytes key_;
  Bytes value_;
};

}  // namespace suyuan::epcis
