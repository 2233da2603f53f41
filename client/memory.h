// Memory: the newest checkpoint of a ledger that this client has seen, in a file of its profile.
// Every later one must extend it; so a node cannot go back, nor show another tree, without leaving
// evidence in the client's hand.
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
  shown,   // what the node showed does not fit, or does not meet the policy
  answer,  // the node did not answer, or cannot now: BUSY where nothing is published yet
  local,   // a file of this machine
};
struct MemoryRefusal {
  Error error;  // SIGNATURE_INVALID, KEY_UNKNOWN, NOTE_SYNTAX (the note); ROOT_MISMATCH (growth)
  std::optional<Evidence> evidence = {};
  MemoryCause cause = MemoryCause::shown;
};
template <class T>
using MemoryResult = Expected<T, MemoryRefusal>;

// Pure: whether `shown` may follow `before` (empty: nothing is remembered). Gives the checkpoint to
// remember.
MemoryResult<Checkpoint> check_shown(const std::string& before, const CheckpointProof& shown,
                                     const Policy& policy);

class Memory {
 public:
  explicit Memory(std::string path) : path_(std::move(path)) {}

  // The note last remembered; empty: none. IO, TOO_LARGE.
  Result<std::string> read() const;
  // Of its tree; 0: none, or it cannot be read.
  uint64_t newest_size() const;
  // Asks the node by `ask` (from the size that is remembered), checks its answer, and remembers
  // what is newer. Safe beside other commands that do the same: under a lock of the file.
  using Ask = std::function<Answer<CheckpointProof>(uint64_t old_size)>;
  MemoryResult<Checkpoint> meet(const Policy& policy, const Ask& ask) const;

 private:
  const std::string path_;
};

}  // namespace suyuan
