// Which events of a capture say what was said before: in the same document, or in the ledger.
#pragma once

#include <map>
#include <string>

#include "ledger/event/event.h"
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

// Whether the same event is in the ledger already: then it counts as captured.
Result<bool> is_repeat(const Reader& reader, const std::string& party, const TraceEvent& event,
                       const std::string& payload);

// What to post of an error declaration: with the words of the event that it withdraws, where the
// two differ in nothing but words (state.md asks for every digit); else as it came.
Result<std::string> in_first_words(const Reader& reader, const std::string& party,
                                   const TraceEvent& declaration, std::string payload);

}  // namespace suyuan::epcis
