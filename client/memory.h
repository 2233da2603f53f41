// Memory: the newest checkpoint of a ledger that this client has seen, in a file of its profile.
// Every later one must extend it. A node therefore cannot roll back, nor show another tree, without
// leaving evidence with the client.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "client/evidence.h"
#include "ledger/merkle/proof.h"
#include "ledger/proof/accept.h"
#include "proto/answers.h"

namespace suyuan {

enum class MemoryCause : uint8_t {
  shown,   // what the node showed contradicts the memory, or does not meet the policy
  answer,  // the node did not answer, or cannot answer now; BUSY: nothing is published yet
  local,   // a file of this machine
};
struct MemoryRefusal {
  Error error;  // SIGNATURE_INVALID, KEY_UNKNOWN, NOTE_SYNTAX (the note); ROOT_MISMATCH (growth)
  std::optional<Evidence> evidence = {};
  MemoryCause cause = MemoryCause::shown;
};
template <class T>
using MemoryResult = Expected<T, MemoryRefusal>;

// Verifies that `shown` may follow `before` (empty: nothing is remembered). Returns the checkpoint
// to remember. Pure.
MemoryResult<Checkpoint> check_shown(const std::string& before, const CheckpointProof& shown,
                                     const Policy& policy);

class Memory {
 public:
  explicit Memory(std::string path) : path_(std::move(path)) {}

  // Returns the note last remembered; empty if there is none.
  // Errors: IO, TOO_LARGE.
  Result<std::string> read() const;
  // Returns the size of its tree; 0 if there is none or it cannot be read.
  uint64_t newest_size() const;
  // Asks the node with `ask` (from the remembered size), verifies the answer, and remembers what is
  // newer. Safe with other commands that do the same: it locks the file.
  using Ask = std::function<Answer<CheckpointProof>(uint64_t old_size)>;
  MemoryResult<Checkpoint> meet(const Policy& policy, const Ask& ask) const;

 private:
  const std::string path_;
};

}  // namespace suyuan
