// The recall list: every unit downstream by who holds it and what it is there, and who must be
// told. One pass; memory is that of the answer's texts, of the walk, of the units taken together,
// and of the containers that units share, each bounded.
#include <algorithm>
#include <map>
#include <set>

#include "ledger/apply/log_reader.h"
#include "ledger/base/limits.h"
#include "ledger/batch/note.h"
#include "ledger/code/code.h"
#include "ledger/provenance/containment.h"
#include "ledger/provenance/walk_place.h"
#include "ledger/registry/state.h"

namespace suyuan {
namespace {

constexpr size_t kExamplesMax = 16;
// Recent lookups are not repeated.
constexpr size_t kLatelyMax = 1 << 12;
constexpr std::string_view kOrderingStep = "ordering";
constexpr std::string_view kGlnPrefix = "https://id.gs1.org/414/";

template <class T>
bool is_new_lately(std::set<T>& lately, const T& value) {
  if (lately.size() == kLatelyMax) lately.clear();
  return lately.insert(value).second;
}

// Where a unit is and whose it is, at the time of the question.
struct Standing {
  std::optional<Said> custody;
  std::optional<Said> disposition;
  std::optional<Said> location;
};

// Of a text in an answer: what is added to it on the wire.
constexpr size_t kTextFrameBytes = 24;
size_t text_bytes(const std::string& text) { return text.size() + kTextFrameBytes; }

void keep_later(std::optional<Said>& best, const Said* said) {
  if (said && (!best || best->when < said->when)) best = *said;
}

class RecallList {
 public:
  RecallList(const Reader& reader, const AsOf& as_of, RecallMemory& memory)
      : share_(memory),
        walk_(reader, as_of, limits::kRecallStepsMax),
        units_(reader, as_of, limits::kRecallStepsMax, Rereads::unlikely),
        shared_(reader, as_of, limits::kRecallStepsMax),
        stories_(shared_) {}
  Result<Recall> run(std::string_view code);

 private:
  using GroupKey = std::pair<std::string, std::string>;  // custodian, disposition
  struct Group {
    uint64_t units = 0;
    std::set<std::string> examples;
  };

  Result<Done> add_unit(const Downstream& unit);
  Result<Standing> standing_of(const Hash& unit);
  Group& group_of(GroupKey key);
  size_t examples_max() const {
    return std::clamp(limits::kRecallExamplesMax / groups_.size(), size_t{1}, kExamplesMax);
  }
  void keep_example(Group& group, const std::string& code);
  void finish();
  Result<Done> check_texts() const;
  // Each name once.
  void add_name(std::set<std::string>& names, std::string name) {
    const size_t bytes = text_bytes(name);
    if (names.insert(std::move(name)).second) text_bytes_ += bytes;
  }
  Result<Done> tell_takers(const std::string& document);
  Result<Done> tell_for_product(std::string_view code);
  Result<Done> tell_for_place(const std::string& location);
  Result<std::string> party_of(uint64_t leaf) const;

  RecallShare share_;
  Facts walk_;
  Facts units_;
  Facts shared_;
  ContainerStories stories_;
  Recall recall_;
  std::map<GroupKey, Group> groups_;
  std::set<std::string> unit_lots_, agents_, notify_;
  size_t text_bytes_ = 0;  // of all that the answer names
  std::set<std::string> gtins_lately_, places_lately_;
  std::string last_class_;  // of the thing that was looked at last: most come from one lot
  std::set<std::string> documents_lately_;
  std::set<uint64_t> leaves_lately_;
};

// Its own facts, and those of its containers while it was inside. Tells the takers of the papers
// that are named meanwhile, one by one: a thing may have any number.
Result<Standing> RecallList::standing_of(const Hash& unit) {
  const Window ever = {.to = units_.end()};
  Standing standing;
  const std::pair<Aspect, std::optional<Said>*> parts[] = {
      {Aspect::custody, &standing.custody},
      {Aspect::disposition, &standing.disposition},
      {Aspect::location, &standing.location}};
  for (const auto& [aspect, part] : parts) {
    SUYUAN_TRY(own, units_.latest(unit, aspect, ever));
    if (own) *part = Said{own->when(), own->fact.text};
  }
  Result<Done> told;
  auto tell = [&](const Fact& named) {
    told = tell_takers(named.fact.text);
    return told.has_value();
  };
  SUYUAN_TRY_DONE(units_.each(unit, Aspect::document, ever, tell));
  SUYUAN_TRY_DONE(told);
  // A container is read for its story only, which is kept: its units come in any order.
  auto emptied = [&](const Inside& stay, Instant to) -> Result<std::optional<Instant>> {
    SUYUAN_TRY(story, stories_.of(stay.parent, stay.parent_key));
    return emptied_within(*story, stay.from, to);
  };
  SUYUAN_TRY(stays, units_.reader().intervals(unit, units_.end().time_ms, kTimeMin, emptied));
  for (const Inside& stay : stays) {
    const Window window = window_of(stay, ever);
    SUYUAN_TRY(story, stories_.of(stay.parent, stay.parent_key));
    keep_later(standing.custody, last_within(story->custody, window));
    keep_later(standing.disposition, last_within(story->disposition, window));
    keep_later(standing.location, last_within(story->location, window));
    for (const Said& named : story->documents) {
      if (window.holds(named.when)) SUYUAN_TRY_DONE(tell_takers(named.text));
    }
  }
  return standing;
}

Result<Done> RecallList::add_unit(const Downstream& unit) {
  SUYUAN_TRY(ended, units_.latest(unit.key, Aspect::ended, {.to = units_.end()}));
  SUYUAN_TRY(standing, standing_of(unit.key));
  if (!unit.lot.empty()) add_name(unit_lots_, unit.lot);
  SUYUAN_TRY_DONE(tell_for_product(unit.code));
  if (!ended && standing.location) SUYUAN_TRY_DONE(tell_for_place(standing.location->text));

  GroupKey key;
  if (standing.custody) key.first = standing.custody->text;
  if (standing.disposition) key.second = standing.disposition->text;
  // How it ended says more than earlier statements about it.
  if (ended && (!standing.disposition || standing.disposition->when < ended->when())) {
    key.second = ended->fact.text;
  }
  Group& group = group_of(std::move(key));
  ++group.units;
  ++recall_.units_total;
  keep_example(group, unit.code);
  return check_texts();
}

RecallList::Group& RecallList::group_of(GroupKey key) {
  const size_t bytes = text_bytes(key.first) + text_bytes(key.second);
  const auto [found, is_new] = groups_.try_emplace(std::move(key));
  if (is_new) text_bytes_ += bytes;
  return found->second;
}

// The first of its units. The more groups there are, the fewer of each: what was kept of a group
// before always holds those.
void RecallList::keep_example(Group& group, const std::string& code) {
  const size_t most = examples_max();
  auto& examples = group.examples;
  const bool is_one = examples.size() < most || code < *examples.rbegin();
  if (is_one) add_name(examples, code);
  while (examples.size() > most) {
    text_bytes_ -= text_bytes(*examples.rbegin());
    examples.erase(std::prev(examples.end()));
  }
}

Result<Done> RecallList::check_texts() const {
  if (text_bytes_ <= limits::kRecallTextBytesMax) return Done{};
  return fail(Code::TOO_COMPLEX, "more lots, holders and states than one list names: ask forward, "
                                 "which gives all by page, or about the lots downstream one by "
                                 "one");
}

// The party that took the order knows the buyer.
Result<Done> RecallList::tell_takers(const std::string& document) {
  if (!is_new_lately(documents_lately_, document)) return Done{};
  const auto parsed = parse_code(document);
  if (!parsed || parsed->type() != CodeType::order) return Done{};
  std::vector<uint64_t> leaves;
  auto look = [&](const Fact& mention) {
    const bool has_effect = (mention.fact.flags & kMentionNoEffect) == 0;
    if (has_effect && mention.fact.text == kOrderingStep) leaves.push_back(mention.key.place.leaf);
    return true;
  };
  SUYUAN_TRY_DONE(
      shared_.each(code_key(document), Aspect::mention, {.to = shared_.end()}, look));
  for (const uint64_t leaf : leaves) {
    if (!is_new_lately(leaves_lately_, leaf)) continue;
    SUYUAN_TRY(party, party_of(leaf));
    add_name(notify_, std::move(party));
  }
  return Done{};
}

Result<std::string> RecallList::party_of(uint64_t leaf) const {
  SUYUAN_TRY(data, read_leaf(walk_.store(), leaf));
  SUYUAN_TRY(note, parse_batch_note(data.text));
  return std::move(note.batch.party);
}

// The recall agent, the sellers, and the representatives of foreign sellers.
Result<Done> RecallList::tell_for_product(std::string_view code) {
  const bool is_of_last = !last_class_.empty() && code.starts_with(last_class_) &&
                          code.substr(last_class_.size()).starts_with('/');
  if (is_of_last) return Done{};
  const auto parsed = parse_code(code);
  if (!parsed || parsed->gtin().empty()) return Done{};
  last_class_ = parsed->class_of().value_or("");
  if (!is_new_lately(gtins_lately_, parsed->gtin())) return Done{};
  SUYUAN_TRY(product, find_product(walk_.store(), parsed->gtin()));
  if (!product) return Done{};
  if (!product->recall_agent.empty()) {
    add_name(agents_, product->recall_agent);
    add_name(notify_, product->recall_agent);
  }
  for (const std::string& seller : product->sellers) {
    add_name(notify_, seller);
    SUYUAN_TRY(party, find_party(walk_.store(), seller));
    if (party && !party->data.represented_by.empty()) {
      add_name(notify_, party->data.represented_by);
    }
  }
  return Done{};
}

// The supervisors of the place where a unit is now.
Result<Done> RecallList::tell_for_place(const std::string& location) {
  if (!location.starts_with(kGlnPrefix) || !is_new_lately(places_lately_, location)) return Done{};
  const auto gln = location.substr(kGlnPrefix.size(), 13);
  SUYUAN_TRY(site, find_site(walk_.store(), gln));
  if (!site) return Done{};
  for (const std::string& supervisor : site->supervised_by) add_name(notify_, supervisor);
  return Done{};
}

Result<Recall> RecallList::run(std::string_view code) {
  const Hash key = code_key(code);
  SUYUAN_TRY_DONE(walk_.turn_to(key));
  SUYUAN_TRY_DONE(check_named(walk_, code, key));
  SUYUAN_TRY_DONE(tell_for_product(code));
  auto add_lot = [&](const Downstream& lot) -> Result<Done> {
    recall_.lots.push_back(lot.code);
    text_bytes_ += text_bytes(lot.code);
    SUYUAN_TRY_DONE(tell_for_product(lot.code));
    return check_texts();
  };
  auto add = [&](const Downstream& unit) { return add_unit(unit); };
  SUYUAN_TRY(counted, is_lot(walk_, code, key));
  if (!counted) {
    // A single thing is on its own list.
    SUYUAN_TRY_DONE(units_.turn_to(key));
    SUYUAN_TRY(made, units_.latest(key, Aspect::made, {.to = units_.end()}));
    SUYUAN_TRY_DONE(add_unit({std::string(code), key, made ? made->fact.text : "", {}}));
  }
  WalkPlace place;
  DownstreamVisitor visit{.lot = add_lot, .unit = add};
  visit.by_making = [this] { return stories_.times_full() > 1; };
  SUYUAN_TRY_DONE(walk_forward(walk_, units_, code, visit, place, share_));
  finish();
  return std::move(recall_);
}

void RecallList::finish() {
  std::sort(recall_.lots.begin(), recall_.lots.end());
  recall_.unit_lots.assign(unit_lots_.begin(), unit_lots_.end());
  for (auto& [who, group] : groups_) {
    const auto most = static_cast<ptrdiff_t>(std::min(examples_max(), group.examples.size()));
    const auto first = group.examples.begin();
    recall_.groups.push_back({.custodian = who.first,
                              .disposition = who.second,
                              .units = group.units,
                              .examples = {first, std::next(first, most)}});
  }
  recall_.agents.assign(agents_.begin(), agents_.end());
  recall_.notify.assign(notify_.begin(), notify_.end());
}

}  // namespace

Result<Recall> recall_list(const Reader& reader, std::string_view code, const AsOf& as_of,
                           RecallMemory* memory) {
  RecallMemory own;
  return RecallList(reader, as_of, memory != nullptr ? *memory : own).run(code);
}

}  // namespace suyuan
