// Receipts that no checkpoint covers yet. A receipt is the node's signed statement that a tree with
// the batch exists; only a checkpoint that extends that tree shows that the log kept it. So the
// newest receipts are remembered in a file of the profile until one does. A checkpoint that does
// not extend the tree is evidence.
//
//   suyuan/receipts/v1
//   <base64 of a receipt note>...      by the size of their trees
#pragma once

#include "client/memory.h"
#include "client/trust.h"

namespace suyuan {

// Returns the tree head that a receipt's note names; nullopt if it is no receipt.
std::optional<TreeHead> tree_of_receipt(const std::string& note);

class ReceiptMemory {
 public:
  explicit ReceiptMemory(std::string path) : path_(std::move(path)) {}

  // Returns the remembered notes.
  // Errors: CORRUPT, IO.
  Result<std::vector<std::string>> read() const;
  // Remembers notes, one for each tree size. With more than limits::kReceiptsRemembered, the older
  // half and the newest stay.
  // Errors: IO.
  // Requires: check_answer accepted them.
  Result<Done> add(const std::vector<std::string>& notes) const;
  Result<Done> forget(const std::vector<std::string>& notes) const;
  // Returns the size of the largest tree; 0 if nothing is remembered or it cannot be read.
  uint64_t newest_size() const;

 private:
  Result<Done> write(const std::vector<std::string>& notes) const;
  const std::string path_;
};

// Verifies receipts against the log. The node's checkpoints must extend the memory too.
class ReceiptCheck {
 public:
  // The arguments must outlive it.
  ReceiptCheck(const Memory& memory, const Policy& policy, const Memory::Ask& ask)
      : memory_(memory), policy_(policy), ask_(ask) {}

  enum class Found : uint8_t { in_log, not_yet };
  // `note`: a receipt whose signature was verified. The refusal's evidence is of kind receipt if
  // the newest checkpoint does not extend the receipt's tree.
  MemoryResult<Found> check(const std::string& note);

 private:
  const Memory& memory_;
  const Policy& policy_;
  const Memory::Ask& ask_;
  std::optional<Checkpoint> now_;
};

}  // namespace suyuan
