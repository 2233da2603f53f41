// The reach of a code (docs/bundle.md): the chains that a bundle must hold. Maker and verifier
// share this computation. It looks only at payloads as stated, so it needs no state.
#pragma once

#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/base/bytes.h"
#include "ledger/event/event.h"

namespace suyuan {

// Decide by the text only, so a second implementation needs no parser of codes.
bool is_paper_code(std::string_view code);
bool is_order_code(std::string_view code);
// Returns the 14 digits of https://id.gs1.org/01/<14 digits>, with or without refining parts; else
// empty.
std::string_view gtin_of_code(std::string_view code);

class Reach {
 public:
  // Why a code is in the reach (bits).
  static constexpr uint8_t kMade = 1;
  static constexpr uint8_t kSubject = 2;
  static constexpr uint8_t kContainer = 4;
  static constexpr uint8_t kPaper = 8;
  static constexpr uint8_t kPaperOfOrder = 16;
  static constexpr uint8_t kRegistry = 32;  // the product's and the parties' chains

  explicit Reach(std::string_view code);

  // Adds an event whose payload is known. It must outlive the Reach. Any order is allowed, before
  // or after the codes that lead to it.
  void add(const TraceEvent& event);
  // Adds the party, signer or co-signer of a leaf in the bundle.
  void add_party(std::string_view id);

  // Returns every code so far, with the bits above.
  const std::map<std::string, uint8_t, std::less<>>& codes() const { return codes_; }

 private:
  // Which effects of an event were already drawn. Each is the same, whichever code draws it.
  struct Entry {
    const TraceEvent* event;
    uint8_t drawn = 0;
  };
  // Where an event names a code.
  struct Mention {
    size_t entry;
    uint8_t places;
  };

  void reach(std::string_view code, uint8_t why);
  void settle();
  void draw(const std::string& code, uint8_t why, const Mention& mention);
  bool first(Entry& entry, uint8_t effect);
  void reach_all(const std::vector<Item>& items, uint8_t why);
  void reach_papers(const TraceEvent& event, uint8_t why);

  std::map<std::string, uint8_t, std::less<>> codes_;
  std::deque<std::string> todo_;
  std::deque<Entry> entries_;
  std::map<std::string_view, std::vector<Mention>> mentions_;  // views of the events' own texts
};

}  // namespace suyuan
