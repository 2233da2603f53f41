// Receipts that are not in a checkpoint yet. A receipt is the node's signed word that a tree with
// the batch exists; only a checkpoint that extends that tree shows that the log kept the word. So
// the newest receipts are remembered in a file of the profile until one does; a checkpoint that
// does not is evidence.
//
//   suyuan/receipts/v1
//   <base64 of a receipt note>...      by the size of their trees
#pragma once

#include "client/memory.h"
#include "client/trust.h"

namespace suyuan {

// What a receipt's note names; nullopt: it is none.
std::optional<TreeHead> tree_of_receipt(const std::string& note);

class ReceiptMemory {
 public:
  explicit ReceiptMemory(std::string path) : path_(std::move(path)) {}

  // Notes as they were remembered. CORRUPT, IO.
  Result<std::vector<std::string>> read() const;
  // One for each size; of more than limits::kReceiptsRemembered, the older half and the newest
  // stay. REQUIRES: check_answer took them. IO.
  Result<Done> add(const std::vector<std::string>& notes) const;
  Result<Done> forget(const std::vector<std::string>& notes) const;
  // Of the largest tree; 0: nothing is remembered, or it cannot be read.
  uint64_t newest_size() const;

 private:
  Result<Done> write(const std::vector<std::string>& notes) const;
  const std::string path_;
};

// Holds receipts against a log: asks the node, whose checkpoints must fit the memory too.
class ReceiptCheck {
 public:
  // All outlive it.
  ReceiptCheck(const Memory& memory, const Policy& policy, const Memory::Ask& ask)
      : memory_(memory), policy_(policy), ask_(ask) {}

  enum class Found : uint8_t { in_log, not_yet };
  // `note`: of a receipt whose signature was checked. The refusal's evidence is of kind receipt
  // where the newest checkpoint does not begin with the receipt's tree.
  MemoryResult<Found> check(const std::string& note);

 private:
  const Memory& memory_;
  const Policy& policy_;
  const Memory::Ask& ask_;
  std::optional<Checkpoint> now_;
};

}  // namespace suyuan
