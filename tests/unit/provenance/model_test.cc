// Random ledgers, cycles and contradictions included, against a model that looks at every event
// again for every answer.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>

#include "tests/unit/provenance/fact_builder.h"

namespace suyuan {
namespace {

using namespace testing;
using Set = std::set<std::string>;
using Index = int;  // of a step, in the order of event time and place
constexpr Index kNever = -1, kAlways = 1 << 20;

enum class Does { name, whole_lot, pack, unpack, empty, end, hand, make, transform };
constexpr int kDoings = 9;

struct Step {
  Does does;
  int64_t time_ms;
  uint64_t leaf;
  std::string subject;  // container, lot, party
  Codes codes, outputs;
  std::optional<uint64_t> withdrawn_by = {};

  Set named() const {
    Set all(codes.begin(), codes.end());
    all.insert(outputs.begin(), outputs.end());
    if (does == Does::pack || does == Does::unpack || does == Does::empty) all.insert(subject);
    return all;
  }
};

class RandomLedger {
 public:
  explicit RandomLedger(uint64_t seed) : random_(seed) {
    for (int i = 0; i < 6; ++i) cans_.push_back(can(std::to_string(i)));
    for (int i = 0; i < 4; ++i) lots_.push_back(lot(std::to_string(i)));
    for (int i = 0; i < 5; ++i) boxes_.push_back(box(std::to_string(i)));
    for (int i = 0; i < 40; ++i) add_step();
  }
  uint64_t below(uint64_t bound) { return random_() % bound; }
  Codes all() const {
    Codes all = cans_;
    all.insert(all.end(), lots_.begin(), lots_.end());
    all.insert(all.end(), boxes_.begin(), boxes_.end());
    return all;
  }
  std::vector<Step> steps;
  FactBuilder facts;

 private:
  const std::string& any(const Codes& codes) { return codes[below(codes.size())]; }
  std::string thing() { return any(below(2) == 0 ? cans_ : boxes_); }
  // A can comes into being once.
  std::string product() {
    if (below(2) == 0 || made_ == cans_.size()) return any(lots_);
    return cans_[made_++];
  }
  // Nothing is packed into itself or after its end: apply refuses it.
  bool is_refused(const Step& step) {
    const std::string& code = step.codes[0];
    if (step.does == Does::pack) {
      if (code == step.subject || (ended_.contains(code) && ended_[code] <= step.time_ms)) {
        return true;
      }
      packed_[code] = std::max(packed_[code], step.time_ms);
    }
    if (step.does == Does::end) {
      if (packed_.contains(code) && packed_[code] >= step.time_ms) return true;
      ended_.emplace(code, step.time_ms);
      ended_[code] = std::min(ended_[code], step.time_ms);
    }
    return false;
  }
  void add_step() {
    Step step{.does = static_cast<Does>(below(kDoings)),
              .time_ms = static_cast<int64_t>(below(20)),
              .leaf = facts.leaf() + 1,
              .subject = any(boxes_),
              .codes = {thing()},
              .outputs = {}};
    if (is_refused(step)) step.does = Does::name;
    facts.at(step.time_ms);
    switch (step.does) {
      case Does::name:
        facts.names(step.codes);
        break;
      case Does::whole_lot:
        step.codes = {any(lots_)};
        facts.whole_lot().names(step.codes);
        break;
      case Does::pack:
        facts.packs(step.subject, step.codes);
        break;
      case Does::unpack:
        facts.unpacks(step.subject, step.codes);
        break;
      case Does::empty:
        step.codes.clear();
        facts.empties(step.subject);
        break;
      case Does::end:
        facts.ends(step.codes[0]);
        break;
      case Does::hand:
        step.subject = "party-" + std::to_string(below(3));
        facts.hands_to(step.subject, step.codes);
        break;
      case Does::make:
        step.subject = any(lots_);
        step.codes = {product()};
        facts.makes(step.codes, step.subject);
        break;
      case Does::transform:
        step.codes = {any(lots_), any(cans_)};
        step.outputs = {product()};
        step.subject = below(2) == 0 ? step.codes[0] : any(lots_);  // the lot of what comes out
        if (step.subject == step.outputs[0]) step.subject.clear();
        facts.transforms(step.codes, step.outputs, step.subject);
        break;
    }
    steps.push_back(step);
    if (below(12) != 0) return;
    Step& wrong = steps[below(steps.size())];
    if (wrong.withdrawn_by) return;
    facts.withdraws(wrong.leaf);
    wrong.withdrawn_by = facts.leaf();
  }

  std::mt19937_64 random_;
  Codes cans_, lots_, boxes_;
  size_t made_ = 0;
  std::map<std::string, int64_t> ended_, packed_;  // first end, last packing
};

// What is true as of a time and a log size, by going through all steps.
class Model {
 public:
  Model(const std::vector<Step>& steps, int64_t at_ms, uint64_t known_at) {
    for (const Step& step : steps) {
      if (step.time_ms > at_ms || step.leaf >= known_at) continue;
      steps_.push_back(step);
      if (step.withdrawn_by && *step.withdrawn_by >= known_at) steps_.back().withdrawn_by.reset();
    }
    std::stable_sort(steps_.begin(), steps_.end(),
                     [](const Step& a, const Step& b) { return a.time_ms < b.time_ms; });
    for (const Step& step : steps_) {
      edges_.push_back({parents_.begin(), parents_.end()});
      if (!step.withdrawn_by) move(step);
      edges_.back().insert(parents_.begin(), parents_.end());
    }
  }

  bool names(const std::string& code) const {
    return std::any_of(steps_.begin(), steps_.end(), [&](const Step& step) {
      return step.named().contains(code) || is_lot_of(step, code);
    });
  }
  std::map<uint64_t, Relation> trace(const std::string& code) const {
    std::map<uint64_t, Relation> found;
    for (Index i = 0; i < size(); ++i) {
      const Step& step = steps_[static_cast<size_t>(i)];
      auto add = [&](Relation relation) {
        const auto known = found.emplace(step.leaf, relation).first;
        known->second = std::min(known->second, relation);
      };
      const bool whole_lot = step.does == Does::whole_lot;
      if (step.named().contains(code)) add(whole_lot ? Relation::lot : Relation::own);
      if (names_one_of(step, around(code, i))) add(Relation::container);
      for (const auto& [ancestor, used] : ancestors(code)) {
        const bool named = step.named().contains(ancestor);
        if (named && whole_lot) add(Relation::lot);
        if (i > used) continue;
        if (named && !whole_lot && !only_used(step, ancestor)) add(Relation::ancestor);
        if (names_one_of(step, around(ancestor, i))) add(Relation::ancestor);
      }
    }
    return found;
  }
  Set containers(const std::string& code) const {
    Set all;
    for (Index i = 0; i < size(); ++i) all.merge(around(code, i));
    return all;
  }
  // With the index of the last use.
  std::map<std::string, Index> ancestors(const std::string& code) const {
    std::map<std::string, Index> used = {{code, kAlways}};
    for (bool grown = true; grown;) {
      grown = false;
      for_each_making([&](Index i, const std::string& input, const std::string& output) {
        if (!used.contains(output) || used[output] < i || input == code) return;
        Index& last = used.emplace(input, kNever).first->second;
        grown = grown || last < i;
        last = std::max(last, i);
      });
    }
    used.erase(code);
    return used;
  }
  Set downstream(const std::string& code) const {
    std::map<std::string, Index> since = {{code, kNever}};
    for (bool grown = true; grown;) {
      grown = false;
      for_each_making([&](Index i, const std::string& input, const std::string& output) {
        if (!since.contains(input) || since[input] > i || output == code) return;
        Index& first = since.emplace(output, kAlways).first->second;
        grown = grown || first > i;
        first = std::min(first, i);
      });
    }
    Set all;
    for (const auto& [made, first] : since) {
      if (made != code) all.insert(made);
    }
    return all;
  }
  std::vector<std::string> custody(const std::string& code) const {
    std::vector<std::string> chain;
    for (Index i = 0; i < size(); ++i) {
      const Step& step = steps_[static_cast<size_t>(i)];
      if (step.does != Does::hand || step.withdrawn_by) continue;
      Set held = around(code, i);
      held.insert(code);
      if (!names_one_of(step, held)) continue;
      if (chain.empty() || chain.back() != step.subject) chain.push_back(step.subject);
    }
    return chain;
  }
  std::string inside(const std::string& code) const {
    const auto found = parents_.find(code);
    return found == parents_.end() ? "" : found->second;
  }
  Set contents(const std::string& code) const {
    Set all;
    for (size_t before = 1; before != all.size();) {
      before = all.size();
      for (const auto& [child, parent] : parents_) {
        if (child != code && (parent == code || all.contains(parent))) all.insert(child);
      }
      if (all.empty()) break;
    }
    return all;
  }
  bool exists(const std::string& code) const {
    bool appeared = false;
    for (const Step& step : steps_) {
      appeared = appeared || is_lot_of(step, code);
      if (step.withdrawn_by || !step.named().contains(code)) continue;
      if (step.does == Does::end) return false;
      appeared = appeared || step.does != Does::whole_lot;
    }
    return appeared;
  }

 private:
  using Edges = std::set<std::pair<std::string, std::string>>;  // child, parent

  // Stated by the making of a unit, which does not name it.
  static bool is_lot_of(const Step& step, const std::string& code) {
    const bool makes = step.does == Does::make || step.does == Does::transform;
    return makes && !step.withdrawn_by && step.subject == code;
  }
  Index size() const { return static_cast<Index>(steps_.size()); }
  void move(const Step& step) {
    for (const auto& code : step.codes) {
      if (step.does == Does::pack) parents_[code] = step.subject;
      if (step.does == Does::unpack && inside(code) == step.subject) parents_.erase(code);
      if (step.does == Does::end) parents_.erase(code);
    }
    if (step.does != Does::empty) return;
    std::erase_if(parents_, [&](const auto& edge) { return edge.second == step.subject; });
  }
  // The containers at the step, as they were before it and as they are after it.
  Set around(const std::string& code, Index i) const {
    Set all = {code};
    for (size_t before = 0; before != all.size();) {
      before = all.size();
      for (const auto& [child, parent] : edges_[static_cast<size_t>(i)]) {
        if (all.contains(child)) all.insert(parent);
      }
    }
    all.erase(code);
    return all;
  }
  static bool names_one_of(const Step& step, const Set& codes) {
    const Set named = step.named();
    return std::any_of(codes.begin(), codes.end(),
                       [&](const std::string& code) { return named.contains(code); });
  }
  static bool only_used(const Step& step, const std::string& code) {
    const auto& made = step.outputs;
    return step.does == Does::transform && std::find(made.begin(), made.end(), code) == made.end();
  }
  template <class Visit>
  void for_each_making(const Visit& visit) const {
    for (Index i = 0; i < size(); ++i) {
      const Step& step = steps_[static_cast<size_t>(i)];
      if (step.withdrawn_by) continue;
      if (step.does == Does::make) visit(i, step.subject, step.codes[0]);
      if (step.does != Does::transform) continue;
      if (!step.subject.empty()) visit(i, step.subject, step.outputs[0]);
      for (const auto& input : step.codes) visit(i, input, step.outputs[0]);
    }
  }

  std::vector<Step> steps_;
  std::vector<Edges> edges_;  // at each step
  std::map<std::string, std::string> parents_;
};

Set as_set(const Codes& codes) { return {codes.begin(), codes.end()}; }

void compare(const Reader& reader, const Model& model, const std::string& code, const AsOf& as_of) {
  const auto trace = trace_back(reader, code, as_of);
  const auto state = state_of(reader, code, as_of);
  if (!model.names(code)) {
    EXPECT_EQ(trace.error().code, Code::NOT_FOUND);
    EXPECT_EQ(state.error().code, Code::NOT_FOUND);
    return;
  }
  std::map<uint64_t, Relation> steps;
  for (const auto& step : trace->steps) steps.emplace(step.place.leaf, step.relation);
  EXPECT_EQ(steps, model.trace(code));
  EXPECT_EQ(as_set(trace->containers), model.containers(code));
  Set ancestors;
  for (const auto& [ancestor, used] : model.ancestors(code)) ancestors.insert(ancestor);
  EXPECT_EQ(as_set(trace->ancestors), ancestors);

  std::vector<std::string> custody;
  const auto chain = custody_chain(reader, code, as_of);
  for (const auto& holding : *chain) custody.push_back(holding.custodian);
  EXPECT_EQ(custody, model.custody(code));
  EXPECT_EQ(state->custodian, custody.empty() ? "" : custody.back());
  EXPECT_EQ(state->inside, model.inside(code));
  EXPECT_EQ(state->exists, model.exists(code));

  Set contents;
  const auto listed = contents_of(reader, code, as_of, 100);
  for (const auto& item : listed->items) {
    EXPECT_EQ(item.parent, model.inside(item.code));
    EXPECT_TRUE(contents.insert(item.code).second);
  }
  EXPECT_EQ(contents, model.contents(code));
}

void compare_forward(const Reader& reader, const Model& model, const std::string& code,
                     const AsOf& as_of) {
  if (!model.names(code)) return;
  const auto forward = trace_forward(reader, code, as_of, {}, 100);
  const auto recall = recall_list(reader, code, as_of);
  Set downstream = as_set(forward->lots);
  std::map<std::string, uint64_t> holders;
  for (const auto& unit : forward->units) {
    EXPECT_TRUE(downstream.insert(unit.code).second);
    EXPECT_EQ(unit.state.code, unit.code);
    ++holders[unit.state.custodian];
  }
  EXPECT_EQ(downstream, model.downstream(code));
  EXPECT_EQ(forward->units_total, forward->units.size());
  if (code != lot("0")) return;
  std::map<std::string, uint64_t> groups;
  for (const auto& group : recall->groups) groups[group.custodian] += group.units;
  EXPECT_EQ(groups, holders);
  EXPECT_EQ(recall->lots, forward->lots);
}

TEST(ProvenanceModel, AgreesOnRandomLedgers) {
  for (uint64_t seed = 1; seed <= 60; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    RandomLedger ledger(seed);
    const Reader& reader = ledger.facts.reader();
    for (int round = 0; round < 3; ++round) {
      const auto at_ms = static_cast<int64_t>(round == 0 ? 100 : ledger.below(20));
      const uint64_t known_at = round < 2 ? 100 : 1 + ledger.below(45);
      SCOPED_TRACE("at " + std::to_string(at_ms) + ", known at " + std::to_string(known_at));
      const Model model(ledger.steps, at_ms, known_at);
      const AsOf as_of{.at_ms = at_ms, .known_at = known_at};
      for (const auto& code : ledger.all()) {
        SCOPED_TRACE(code);
        compare(reader, model, code, as_of);
        compare_forward(reader, model, code, as_of);
      }
      if (HasFailure()) return;
    }
  }
}

}  // namespace
}  // namespace suyuan
