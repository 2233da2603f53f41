// Which events of a capture say what was said before: in the same document, or in the ledger.
#pragma once

#include <map>
#include <string>

#include "ledger/event/event.h"
#include "ledger/event/finding.h"
#include "ledger/store/store.h"

namespace suyuan::epcis {

// What a document says twice, once.
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

// What the ledger holds already counts as captured. Of one party and one state of the ledger, for
// all events of a document: a batch of declarations is looked through once.
class SaidBefore {
 public:
  // The reader outlives it.
  SaidBefore(const Reader& reader, std::string party);
  // TOO_LARGE: it would have to look through too much; errors of the store.
  Result<bool> has(const TraceEvent& event, const std::string& payload);

 private:
  using Declared = std::map<std::string, Place>;  // declarations of a leaf, by eventID
  static constexpr size_t kLookedAtMax = 1 << 16;  // events, for one document

  // The ledger knows in which leaf an event was withdrawn, and not by which event of it.
  Result<const Declared*> declared_in(uint64_t leaf);

  const Reader& reader_;
  const std::string party_;
  std::map<uint64_t, Declared> leaves_;
  size_t looked_at_ = 0;
};

// What to post of an error declaration: with the words of the event that it withdraws, where the
// two differ in nothing but words (state.md asks for every digit); else as it came.
Result<std::string> in_first_words(const Reader& reader, const std::string& party,
                                   const TraceEvent& declaration, std::string payload);

}  // namespace suyuan::epcis
