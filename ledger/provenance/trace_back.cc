// Traces back (docs/state.md, What belongs to a thing's provenance): the thing itself and its
// containers, then its inputs, latest use first, then the documents.
#include <algorithm>
#include <map>
#include <queue>
#include <set>
#include <tuple>

#include "ledger/apply/log_reader.h"
#include "ledger/base/limits.h"
#include "ledger/base/text.h"
#include "ledger/code/code.h"
#include "ledger/provenance/containment.h"

namespace suyuan {
namespace {

bool is_order(const std::string& code) {
  const auto parsed = parse_code(code);
  return parsed && parsed->type() == CodeType::order;
}

// Used as an input, and named in no other way.
bool only_used(const StoredFact& mention) {
  constexpr uint8_t kNamed = kMentionObject | kMentionParent | kMentionChild | kMentionOutput;
  return (mention.flags & kMentionInput) != 0 && (mention.flags & kNamed) == 0;
}

class BackTrace {
 public:
  BackTrace(Facts& facts, std::string_view code)
      : facts_(facts), code_(code), key_(code_key(code)), ever_{.to = facts.end()} {}
  Result<Trace> run();

 private:
  struct Ancestor {
    Instant used;  // the last use for the asked thing
    Hash key;
    std::string code;
    bool operator<(const Ancestor& other) const {
      return std::tie(used, key) < std::tie(other.used, other.key);
    }
  };

  void add_step(const Fact& mention, Relation relation, std::string_view via);
  Result<Done> read_own();
  Result<Done> read_containers();
  Result<Done> read_ancestors();
  Result<Done> read_ancestor(const Ancestor& ancestor, const HeldThing& held);
  Result<Done> read_making(const std::string& code, const Hash& key, Instant until);
  Result<Done> read_document(const std::string& document, bool own);
  Result<std::set<Place>> places_of_other_things(const Hash& document) const;
  Result<std::set<Place>> places_of_other_orders(const Hash& document) const;
  Result<Done> read_documents();
  Result<Done> note_documents(const HeldThing& held);
  Result<Done> add_withheld();

  Facts& facts_;
  const std::string code_;
  const Hash key_;
  const Window ever_;
  std::map<Place, TraceStep> steps_;
  std::map<std::string, std::pair<Instant, uint32_t>> containers_;  // first time, depth
  std::priority_queue<Ancestor> todo_;
  std::set<std::string> ancestors_, origins_;
  std::set<std::string> documents_;
};

void BackTrace::add_step(const Fact& mention, Relation relation, std::string_view via) {
  const Place place = mention.key.place;
  const auto known = steps_.find(place);
  if (known != steps_.end() && known->second.relation <= relation) return;
  TraceStep step{.place = place,
                 .event_time_ms = mention.key.time_ms,
                 .kind = mention.fact.kind,
                 .step = mention.fact.text,
                 .relation = relation,
                 .via = std::string(via),
                 .no_effect = (mention.fact.flags & kMentionNoEffect) != 0};
  if (facts_.reader().is_withdrawn(mention.fact)) step.withdrawn_by = mention.fact.withdrawn_by;
  steps_.insert_or_assign(place, std::move(step));
}

Result<Done> BackTrace::note_documents(const HeldThing& held) {
  auto note = [&](const Fact& fact) {
    if (fact.fact.text != code_) documents_.insert(fact.fact.text);
    return true;
  };
  return facts_.each(held.key, Aspect::document, held.window, note);
}

Result<Done> BackTrace::read_own() {
  auto add = [&](const Fact& mention) {
    const bool whole_lot = (mention.fact.flags & kMentionWholeLot) != 0;
    add_step(mention, whole_lot ? Relation::lot : Relation::own, code_);
    return true;
  };
  SUYUAN_TRY_DONE(facts_.each(key_, Aspect::mention, ever_, add, Withdrawn::show));
  return read_making(code_, key_, facts_.end());
}

Result<Done> BackTrace::read_containers() {
  auto visit = [&](const HeldThing& held) -> Result<Done> {
    SUYUAN_TRY_DONE(note_documents(held));
    if (held.depth == 0) return read_own();
    const std::pair first{held.window.from, held.depth};
    const auto known = containers_.emplace(held.code, first).first;
    known->second = std::min(known->second, first);
    auto add = [&](const Fact& mention) {
      add_step(mention, Relation::container, held.code);
      return true;
    };
    return facts_.each(held.key, Aspect::mention, held.window, add, Withdrawn::show);
  };
  SUYUAN_TRY(walked, walk_containers(facts_, {code_, key_, ever_}, visit));
  if (walked == Walked::cut) return nested_too_deep(code_);
  return Done{};
}

// The inputs of a thing up to a time: its lot, and the inputs of its making. If there are none and
// an event of kind origin made it, it is an origin. REQUIRES: facts_ is turned to the thing.
Result<Done> BackTrace::read_making(const std::string& code, const Hash& key, Instant until) {
  bool has_inputs = false;
  std::set<Place> makings;
  auto from_lot = [&](const Fact& made) {
    makings.insert(made.key.place);
    if (made.fact.text.empty()) return true;
    has_inputs = true;
    todo_.push({made.when(), code_key(made.fact.text), made.fact.text});
    return true;
  };
  SUYUAN_TRY_DONE(facts_.each(key, Aspect::made, {.to = until}, from_lot));
  auto from_input = [&](const Fact& made_from) {
    has_inputs = true;
    todo_.push({made_from.when(), made_from.key.other.value_or(Hash{}), made_from.fact.text});
    return true;
  };
  SUYUAN_TRY_DONE(facts_.each(key, Aspect::made_from, {.to = until}, from_input));
  if (has_inputs || makings.empty()) return Done{};
  auto find_origin = [&](const Fact& mention) {
    if (mention.fact.kind != Kind::origin || !makings.contains(mention.key.place)) return true;
    origins_.insert(code);
    return false;
  };
  return facts_.each(key, Aspect::mention, {.to = until}, find_origin);
}

// Latest use first: an ancestor's inputs were used before it was. So each ancestor first leaves the
// queue with its last use, and cycles end.
Result<Done> BackTrace::read_ancestors() {
  std::set<Hash> seen = {key_};
  while (!todo_.empty()) {
    const Ancestor ancestor = todo_.top();
    todo_.pop();
    if (!seen.insert(ancestor.key).second) continue;
    ancestors_.insert(ancestor.code);
    auto visit = [&](const HeldThing& held) { return read_ancestor(ancestor, held); };
    const HeldThing itself{ancestor.code, ancestor.key, {.to = ancestor.used}};
    SUYUAN_TRY(walked, walk_containers(facts_, itself, visit));
    if (walked == Walked::cut) return nested_too_deep(ancestor.code);
  }
  return Done{};
}

Result<Done> BackTrace::read_ancestor(const Ancestor& ancestor, const HeldThing& held) {
  if (held.depth != 0) {
    auto add = [&](const Fact& mention) {
      add_step(mention, Relation::ancestor, held.code);
      return true;
    };
    return facts_.each(held.key, Aspect::mention, held.window, add, Withdrawn::show);
  }
  auto add = [&](const Fact& mention) {
    if ((mention.fact.flags & kMentionWholeLot) != 0) {
      add_step(mention, Relation::lot, held.code);
    } else if (mention.when() <= ancestor.used && !only_used(mention.fact)) {
      // Other uses of the ancestor are a sister's story. Its use for the asked thing is named by
      // what came out of it.
      add_step(mention, Relation::ancestor, held.code);
    }
    return true;
  };
  SUYUAN_TRY_DONE(facts_.each(held.key, Aspect::mention, ever_, add, Withdrawn::show));
  return read_making(ancestor.code, ancestor.key, ancestor.used);
}

// Where the document is named with a thing that is neither the asked one nor one of its containers.
Result<std::set<Place>> BackTrace::places_of_other_things(const Hash& document) const {
  std::set<Place> other;
  auto look = [&](const Fact& item) {
    const std::string& thing = item.fact.text;
    if (thing != code_ && !containers_.contains(thing)) other.insert(item.key.place);
    return true;
  };
  SUYUAN_TRY_DONE(facts_.each(document, Aspect::named_item, ever_, look, Withdrawn::show));
  // An event without effect wrote only mentions, so the things it names are unknown here.
  auto look_unnamed = [&](const Fact& mention) {
    constexpr uint8_t kUnknown = kMentionNamesItems | kMentionNoEffect;
    if ((mention.fact.flags & kUnknown) == kUnknown) other.insert(mention.key.place);
    return true;
  };
  SUYUAN_TRY_DONE(facts_.each(document, Aspect::mention, ever_, look_unnamed, Withdrawn::show));
  return other;
}

// Where the document is named with orders, none of which is the asked thing's.
Result<std::set<Place>> BackTrace::places_of_other_orders(const Hash& document) const {
  std::set<Place> own, other;
  auto look = [&](const Fact& beside) {
    if (!is_order(beside.fact.text)) return true;
    const bool is_own = documents_.contains(beside.fact.text) || beside.fact.text == code_;
    (is_own ? own : other).insert(beside.key.place);
    return true;
  };
  SUYUAN_TRY_DONE(facts_.each(document, Aspect::document, ever_, look, Withdrawn::show));
  for (const Place place : own) other.erase(place);
  return other;
}

// `own`: named with the thing or its container, not only with its order.
Result<Done> BackTrace::read_document(const std::string& document, bool own) {
  const Hash key = code_key(document);
  SUYUAN_TRY_DONE(facts_.turn_to(key));
  SUYUAN_TRY(not_ours, places_of_other_things(key));
  if (!own) {
    SUYUAN_TRY(other_orders, places_of_other_orders(key));
    not_ours.merge(other_orders);
  }
  auto add = [&](const Fact& mention) {
    if (!not_ours.contains(mention.key.place)) add_step(mention, Relation::document, document);
    return true;
  };
  return facts_.each(key, Aspect::mention, ever_, add, Withdrawn::show);
}

Result<Done> BackTrace::read_documents() {
  std::set<std::string> further;
  for (const std::string& document : documents_) {
    SUYUAN_TRY_DONE(read_document(document, true));
    if (!is_order(document)) continue;
    auto note = [&](const Fact& beside) {
      const std::string& paper = beside.fact.text;
      if (paper != code_ && !documents_.contains(paper) && !is_order(paper)) further.insert(paper);
      return true;
    };
    SUYUAN_TRY_DONE(facts_.each(code_key(document), Aspect::document, ever_, note));
  }
  for (const std::string& document : further) {
    SUYUAN_TRY_DONE(read_document(document, false));
  }
  documents_.merge(further);
  return Done{};
}

// A withheld event is placed at its log time, which is public. So neither the order of the steps
// nor the requested time reveals its event time.
Result<Done> BackTrace::add_withheld() {
  SUYUAN_TRY(places, facts_.reader().hidden(key_));
  for (const Place place : places) {
    SUYUAN_TRY(leaf, read_leaf(facts_.store(), place.leaf));
    if (leaf.time_ms > facts_.end().time_ms) continue;
    steps_.insert_or_assign(place, TraceStep{.place = place,
                                             .event_time_ms = leaf.time_ms,
                                             .step = {},
                                             .via = code_,
                                             .withheld = true});
  }
  return Done{};
}

Result<Trace> BackTrace::run() {
  SUYUAN_TRY_DONE(facts_.turn_to(key_));
  SUYUAN_TRY_DONE(check_named(facts_, code_, key_));
  SUYUAN_TRY_DONE(read_containers());
  SUYUAN_TRY_DONE(read_ancestors());
  SUYUAN_TRY_DONE(read_documents());
  SUYUAN_TRY_DONE(add_withheld());

  Trace trace;
  for (auto& [place, step] : steps_) trace.steps.push_back(std::move(step));
  std::sort(trace.steps.begin(), trace.steps.end(), [](const auto& a, const auto& b) {
    return std::tie(a.event_time_ms, a.place) < std::tie(b.event_time_ms, b.place);
  });
  std::vector<std::pair<std::pair<Instant, uint32_t>, std::string>> by_time;
  for (const auto& [code, first] : containers_) by_time.emplace_back(first, code);
  std::sort(by_time.begin(), by_time.end());
  for (auto& [first, code] : by_time) trace.containers.push_back(std::move(code));
  trace.ancestors.assign(ancestors_.begin(), ancestors_.end());
  trace.origins.assign(origins_.begin(), origins_.end());
  trace.documents.assign(documents_.begin(), documents_.end());
  return trace;
}

}  // namespace

Result<Trace> trace_back(const Reader& reader, std::string_view code, const AsOf& as_of) {
  Facts facts(reader, as_of, limits::kTraceStepsMax);
  return BackTrace(facts, code).run();
}

std::string_view word(Relation relation) {
  switch (relation) {
    case Relation::own: return "own";
    case Relation::container: return "container";
    case Relation::ancestor: return "ancestor";
    case Relation::lot: return "lot";
    case Relation::document: return "document";
  }
  return "";
}

}  // namespace suyuan
