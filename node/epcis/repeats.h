// Finds events of a capture that repeat an earlier one, in the same document or in the ledger.
#pragma once

#include <map>
#include <string>

#include "ledger/event/event.h"
#include "ledger/event/finding.h"
#include "ledger/store/store.h"

namespace suyuan::epcis {

// Removes repeats within a document.
class SaidOnce {
 public:
  bool is_new(const TraceEvent& event, const std::string& payload);

 private:
  struct Said {
    TraceEvent event;
    std::string hash;
  };
  std::map<std::string, Said> said_;
};

// Events that the ledger already holds count as captured. For one party and one state of the
// ledger, and for all events of a document: a batch of declarations is searched only once.
class SaidBefore {
 public:
  // `reader` must outlive it.
  SaidBefore(const Reader& reader, std::string party);
  // Errors: TOO_LARGE (it would have to search too much), and those of the store.
  Result<bool> has(const TraceEvent& event, const std::string& payload);

 private:
  using Declared = std::map<std::string, Place>;   // declarations of a leaf, by eventID
  static constexpr size_t kLookedAtMax = 1 << 16;  // events searched for one document

  // The ledger records in which leaf an event was withdrawn, but not by which event of it.
  Result<const Declared*> declared_in(uint64_t leaf);

  const Reader& reader_;
  const std::string party_;
  std::map<uint64_t, Declared> leaves_;
  size_t looked_at_ = 0;
};

// Returns the error declaration to post: in the words of the event that it withdraws, if the two
// differ only in notation (state.md requires every digit to match); otherwise unchanged.
Result<std::string> in_first_words(const Reader& reader, const std::string& party,
                                   const TraceEvent& declaration, std::string payload);

}  // namespace suyuan::epcis
