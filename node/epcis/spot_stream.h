// Reads the events of terms in one order, from loose rows and from blocks.
#pragma once

#include <memory>
#include <vector>

#include "ledger/store/rocks/side_store.h"
#include "node/epcis/index_damage.h"
#include "node/epcis/posting_block.h"

namespace suyuan::epcis {

class SpotSource;

// The events of several terms in one order, each once. Holds one decoded block for each term.
class SpotStream {
 public:
  // `store` and `damage` outlive it. No `damage`: a damaged block is not marked.
  SpotStream(const SideStore& store, std::vector<Bytes> terms, bool ascending,
             IndexDamage* damage = nullptr);
  SpotStream(SpotStream&&) noexcept;
  ~SpotStream();
  // Goes to the first spot after `spot` in the order; or at it, if `at` is set.
  void seek(const Spot& spot, bool at);
  // Returns nullopt at the end. Errors: IO, CORRUPT.
  Result<std::optional<Spot>> next();

 private:
  Result<std::optional<Spot>> read();

  const bool ascending_;
  IndexDamage* const damage_;
  std::vector<std::unique_ptr<SpotSource>> all_;
};

}  // namespace suyuan::epcis
