// The recall list: every unit downstream by holder and state, and who must be told. One pass;
// memory is for the groups, the lots, and the containers that units share.
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

void keep_later(std::optional<Said>& best, const Said* said) {
  if (said && (!best || best->when < said->when)) best = *said;
}

class RecallList {
 public:
  RecallList(const Reader& reader, const AsOf& as_of)
      : walk_(reader, as_of, limits::kRecallStepsMax),
        units_(reader, as_of, limits::kRecallStepsMax),
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
  Result<Done> tell_takers(const std::string& document);
  Result<Done> tell_for_product(std::string_view code);
  Result<Done> tell_for_place(const std::string& location);
  Result<std::string> party_of(uint64_t leaf) const;

  Facts walk_;
  Facts units_;
  Facts shared_;
  ContainerStories stories_;
  Recall recall_;
  std::map<GroupKey, Group> groups_;
  std::set<std::string> unit_lots_, agents_, notify_;
  std::set<std::string> gtins_, places_;
  std::string last_class_;  // of the thing looked up last: most come from one lot
  std::set<std::string> documents_lately_;
  std::set<uint64_t> leaves_lately_;
};

// Its own facts, and those of its containers while it was inside; collects the documents named on
// the way.
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
  std::vector<std::string> documents;
  auto note = [&](const Fact& fact) {
    documents.push_back(fact.fact.text);
    return true;
  };
  SUYUAN_TRY_DONE(units_.each(unit, Aspect::document, ever, note));
  SUYUAN_TRY(stays, units_.reader().intervals(unit, units_.end().time_ms));
  for (const Inside& stay : stays) {
    const Window window = window_of(stay, ever);
    SUYUAN_TRY(story, stories_.of(stay.parent, stay.parent_key));
    keep_later(standing.custody, last_within(story->custody, window));
    keep_later(standing.disposition, last_within(story->disposition, window));
    keep_later(standing.location, last_within(story->location, window));
    for (const Said& named : story->documents) {
      if (window.holds(named.when)) documents.push_back(named.text);
    }
  }
  for (const std::string& document : documents) SUYUAN_TRY_DONE(tell_takers(document));
  return standing;
}

Result<Done> RecallList::add_unit(const Downstream& unit) {
  SUYUAN_TRY(ended, units_.latest(unit.key, Aspect::ended, {.to = units_.end()}));
  SUYUAN_TRY(standing, standing_of(unit.key));
  if (!unit.lot.empty()) unit_lots_.insert(unit.lot);
  SUYUAN_TRY_DONE(tell_for_product(unit.code));
  if (!ended && standing.location) SUYUAN_TRY_DONE(tell_for_place(standing.location->text));

  GroupKey key;
  if (standing.custody) key.first = standing.custody->text;
  if (standing.disposition) key.second = standing.disposition->text;
  // How it ended says more than earlier statements about it.
  if (ended && (!standing.disposition || standing.disposition->when < ended->when())) {
    key.second = ended->fact.text;
  }
  Group& group = groups_[std::move(key)];
  ++group.units;
  ++recall_.units_total;
  const bool is_full = group.examples.size() == kExamplesMax;
  if (is_full && unit.code >= *group.examples.rbegin()) return Done{};
  group.examples.insert(unit.code);
  if (group.examples.size() > kExamplesMax) group.examples.erase(std::prev(group.examples.end()));
  return Done{};
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
    notify_.insert(std::move(party));
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
  if (!gtins_.insert(parsed->gtin()).second) return Done{};
  SUYUAN_TRY(product, find_product(walk_.store(), parsed->gtin()));
  if (!product) return Done{};
  if (!product->recall_agent.empty()) {
    agents_.insert(product->recall_agent);
    notify_.insert(product->recall_agent);
  }
  for (const std::string& seller : product->sellers) {
    notify_.insert(seller);
    SUYUAN_TRY(party, find_party(walk_.store(), seller));
    if (party && !party->data.represented_by.empty()) notify_.insert(party->data.represented_by);
  }
  return Done{};
}

// The supervisors of the place where a unit is now.
Result<Done> RecallList::tell_for_place(const std::string& location) {
  if (!places_.insert(location).second || !location.starts_with(kGlnPrefix)) return Done{};
  const auto gln = location.substr(kGlnPrefix.size(), 13);
  SUYUAN_TRY(site, find_site(walk_.store(), gln));
  if (site) notify_.insert(site->supervised_by.begin(), site->supervised_by.end());
  return Done{};
}

Result<Recall> RecallList::run(std::string_view code) {
  const Hash key = code_key(code);
  SUYUAN_TRY_DONE(walk_.turn_to(key));
  SUYUAN_TRY_DONE(check_named(walk_, code, key));
  SUYUAN_TRY_DONE(tell_for_product(code));
  auto add_lot = [&](const Downstream& lot) {
    recall_.lots.push_back(lot.code);
    return tell_for_product(lot.code);
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
  SUYUAN_TRY_DONE(walk_forward(walk_, units_, code, {add_lot, add}, place));

  std::sort(recall_.lots.begin(), recall_.lots.end());
  recall_.unit_lots.assign(unit_lots_.begin(), unit_lots_.end());
  for (auto& [who, group] : groups_) {
    recall_.groups.push_back({.custodian = who.first,
                              .disposition = who.second,
                              .units = group.units,
                              .examples = {group.examples.begin(), group.examples.end()}});
  }
  recall_.agents.assign(agents_.begin(), agents_.end());
  recall_.notify.assign(notify_.begin(), notify_.end());
  return std::move(recall_);
}

}  // namespace

Result<Recall> recall_list(const Reader& reader, std::string_view code, const AsOf& as_of) {
  return RecallList(reader, as_of).run(code);
}

}  // namespace suyuan
