#include "ledger/proof/reach.h"

#include <algorithm>
#include <array>

#include "ledger/code/code.h"

namespace suyuan {
namespace {

constexpr std::string_view kOrder = "urn:x-suyuan:order:";
constexpr std::array<std::string_view, 8> kPapers = {
    "https://id.gs1.org/253/",   "https://id.gs1.org/255/",      "https://id.gs1.org/415/", kOrder,
    "urn:x-suyuan:payment:",     "urn:x-suyuan:customs-list:",   "urn:x-suyuan:document:",
    "urn:epcglobal:cbv:bt:"};

// Positions of a code in an event.
constexpr uint8_t kObject = 1, kParent = 2, kChild = 4, kInput = 8, kOutput = 16;
// What can be concluded from an event.
constexpr uint8_t kDrawContainer = 1, kDrawSubject = 2, kDrawInputs = 4, kDrawLot = 8;
constexpr uint8_t kDrawPapers = 16, kDrawPapersOfOrder = 32;

bool packs(const TraceEvent& event) {
  return (event.type == EventType::aggregation || event.type == EventType::association) &&
         event.action == Action::add;
}

bool makes(const TraceEvent& event, uint8_t places) {
  if ((places & kOutput) != 0) return true;
  return (places & kObject) != 0 && event.type == EventType::object && event.action == Action::add;
}

}  // namespace

bool is_paper_code(std::string_view code) {
  return std::ranges::any_of(kPapers, [&](auto prefix) { return code.starts_with(prefix); });
}

bool is_order_code(std::string_view code) { return code.starts_with(kOrder); }

std::string_view gtin_of_code(std::string_view code) {
  constexpr std::string_view kGtin = "https://id.gs1.org/01/";
  constexpr size_t kDigits = 14;
  if (!code.starts_with(kGtin)) return {};
  const std::string_view rest = code.substr(kGtin.size());
  const std::string_view digits = rest.substr(0, kDigits);
  const bool numeric = std::ranges::all_of(digits, [](char c) { return c >= '0' && c <= '9'; });
  if (digits.size() != kDigits || !numeric) return {};
  return rest.size() == kDigits || rest[kDigits] == '/' ? digits : std::string_view();
}

Reach::Reach(std::string_view code) {
  reach(code, kMade | kSubject);
  if (const auto gtin = gtin_of_code(code); !gtin.empty()) reach(product_code(gtin), kRegistry);
  settle();
}

void Reach::add(const TraceEvent& event) {
  std::map<std::string_view, uint8_t> places;
  const auto note = [&](const std::vector<Item>& items, uint8_t place) {
    for (const Item& item : items) places[item.code] |= place;
  };
  note(event.objects, kObject);
  note(event.children, kChild);
  note(event.inputs, kInput);
  note(event.outputs, kOutput);
  if (!event.parent.empty()) places[event.parent] |= kParent;

  entries_.push_back({.event = &event});
  for (const auto& [code, where] : places) {
    const Mention mention{.entry = entries_.size() - 1, .places = where};
    mentions_[code].push_back(mention);
    const auto known = codes_.find(code);
    if (known != codes_.end()) draw(known->first, known->second, mention);
  }
  settle();
}

void Reach::add_party(std::string_view id) {
  reach(party_code(id), kRegistry);
  settle();
}

void Reach::reach(std::string_view code, uint8_t why) {
  auto known = codes_.find(code);
  if (known == codes_.end()) known = codes_.emplace(code, 0).first;
  if ((known->second | why) == known->second) return;
  known->second |= why;
  todo_.emplace_back(code);
}

// A code is added again for each new reason, of which there are six: so this ends.
void Reach::settle() {
  while (!todo_.empty()) {
    const std::string code = std::move(todo_.front());
    todo_.pop_front();
    const auto named = mentions_.find(code);
    if (named == mentions_.end()) continue;
    const uint8_t why = codes_.at(code);
    for (const Mention& mention : named->second) draw(code, why, mention);
  }
}

bool Reach::first(Entry& entry, uint8_t effect) {
  if ((entry.drawn & effect) != 0) return false;
  entry.drawn |= effect;
  return true;
}

// The table of docs/bundle.md, line by line.
void Reach::draw(const std::string& code, uint8_t why, const Mention& mention) {
  Entry& entry = entries_[mention.entry];
  const TraceEvent& event = *entry.event;
  const bool thing = (why & (kMade | kSubject | kContainer)) != 0;
  const bool subject = (why & kSubject) != 0;
  if (thing && packs(event) && (mention.places & kChild) != 0 && !event.parent.empty()) {
    if (first(entry, kDrawContainer)) reach(event.parent, kContainer);
    if (subject && first(entry, kDrawSubject)) reach(event.parent, kSubject);
  }
  if ((why & kMade) != 0) {
    const bool made_of = event.type == EventType::transformation && (mention.places & kOutput) != 0;
    if (made_of && first(entry, kDrawInputs)) reach_all(event.inputs, kMade);
    const bool from_lot = !event.lot.empty() && makes(event, mention.places);
    if (from_lot && first(entry, kDrawLot)) reach(event.lot, kMade);
  }
  if (subject && first(entry, kDrawPapers)) reach_papers(event, kPaper);
  if ((why & kPaper) != 0 && is_order_code(code) && first(entry, kDrawPapersOfOrder)) {
    reach_papers(event, kPaperOfOrder);
  }
}

void Reach::reach_all(const std::vector<Item>& items, uint8_t why) {
  for (const Item& item : items) reach(item.code, why);
}

void Reach::reach_papers(const TraceEvent& event, uint8_t why) {
  const auto papers_of = [&](const std::vector<Item>& items) {
    for (const Item& item : items) {
      if (is_paper_code(item.code)) reach(item.code, why);
    }
  };
  papers_of(event.objects);
  papers_of(event.children);
  papers_of(event.inputs);
  papers_of(event.outputs);
  if (is_paper_code(event.parent)) reach(event.parent, why);
}

}  // namespace suyuan
