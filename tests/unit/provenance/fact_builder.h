// A ledger told in a few words: each at() begins an event at a leaf of its own, the words that
// follow say what it states, and the facts that apply would write for it stand in a store.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "ledger/code/code.h"
#include "ledger/provenance/provenance.h"
#include "ledger/store/memory_store.h"

namespace suyuan::testing {

using Codes = std::vector<std::string>;

inline std::string lot(const std::string& number) {
  return "https://id.gs1.org/01/09521104301011/10/" + number;
}
inline std::string can(const std::string& serial) {
  return "https://id.gs1.org/01/09521104301011/21/" + serial;
}
inline std::string box(const std::string& name) { return "https://boxes.example/" + name; }
inline std::string own(CodeType type, const std::string& number) {
  return own_number(type, "9521206000003", number)->text();
}
inline std::string order(const std::string& number) { return own(CodeType::order, number); }
inline std::string payment(const std::string& number) { return own(CodeType::payment, number); }

class FactBuilder {
 public:
  // The next event.
  FactBuilder& at(int64_t time_ms, Kind kind = Kind::logistics, std::string step = "storing") {
    place_ = {place_.leaf + 1, 0};
    time_ms_ = time_ms;
    kind_ = kind;
    step_ = std::move(step);
    flags_ = 0;
    roles_.clear();
    return *this;
  }
  // Another event at the same time, in the same batch.
  FactBuilder& also() {
    ++place_.event;
    roles_.clear();
    return *this;
  }
  FactBuilder& whole_lot() { return mark(kMentionWholeLot); }
  FactBuilder& without_effect() { return mark(kMentionNoEffect); }

  FactBuilder& names(const Codes& codes, uint8_t role = kMentionObject) {
    for (const auto& code : codes) mention(code, role);
    return *this;
  }
  FactBuilder& makes(const Codes& codes, const std::string& from_lot = {}) {
    names(codes);
    for (const auto& code : codes) {
      put(code, Aspect::made, {.text = from_lot});
      if (!from_lot.empty()) put(from_lot, Aspect::unit, {.text = code}, code);
    }
    return *this;
  }
  FactBuilder& transforms(const Codes& inputs, const Codes& outputs,
                          const std::string& lot_of_outputs = {}) {
    names(inputs, kMentionInput).names(outputs, kMentionOutput);
    for (const auto& output : outputs) {
      put(output, Aspect::made, {.text = lot_of_outputs});
      if (!lot_of_outputs.empty()) put(lot_of_outputs, Aspect::unit, {.text = output}, output);
      for (const auto& input : inputs) {
        put(output, Aspect::made_from, {.text = input}, input);
        put(input, Aspect::made_into, {.text = output}, output);
      }
    }
    return *this;
  }
  FactBuilder& packs(const std::string& parent, const Codes& children) {
    return groups(parent, children, false);
  }
  FactBuilder& unpacks(const std::string& parent, const Codes& children) {
    return groups(parent, children, true);
  }
  FactBuilder& empties(const std::string& parent) {
    names({parent}, kMentionParent);
    put(parent, Aspect::emptied, {});
    return *this;
  }
  FactBuilder& ends(const std::string& code, const std::string& how = "destroying") {
    return says(Aspect::ended, how, {code});
  }
  FactBuilder& hands_to(const std::string& party, const Codes& codes) {
    return says(Aspect::custody, party, codes);
  }
  FactBuilder& puts_at(const std::string& gln, const Codes& codes) {
    return says(Aspect::location, "https://id.gs1.org/414/" + gln, codes);
  }
  FactBuilder& sets(const std::string& disposition, const Codes& codes) {
    return says(Aspect::disposition, disposition, codes);
  }
  FactBuilder& counts(const std::string& code, const std::string& amount,
                      const std::string& uom = "KGM") {
    mention(code, kMentionObject);
    put(code, Aspect::balance, {.amount = Decimal::parse(amount), .uom = uom});
    return *this;
  }
  FactBuilder& papers(const Codes& documents, const Codes& things = {}) {
    if (!things.empty()) mark(kMentionNamesItems);
    names(documents).names(things);
    for (const auto& document : documents) {
      for (const auto& other : documents) {
        if (other != document) put(other, Aspect::document, {.text = document}, document);
      }
      for (const auto& thing : things) {
        put(thing, Aspect::document, {.text = document}, document);
        put(document, Aspect::named_item, {.text = thing}, thing);
      }
    }
    return *this;
  }
  // An error declaration at the next leaf voids all that the event at `leaf` states.
  FactBuilder& withdraws(uint64_t leaf) {
    place_ = {place_.leaf + 1, 0};
    for (auto& [key, fact] : rows_[leaf]) {
      fact.withdrawn_by = place_.leaf;
      write(key, fact);
    }
    return *this;
  }

  uint64_t leaf() const { return place_.leaf; }
  const Reader& reader() {
    EXPECT_TRUE(store_.commit(changes_));
    changes_.clear();
    return store_.latest();
  }

 private:
  FactBuilder& mark(uint8_t flag) {
    flags_ = static_cast<uint8_t>(flags_ | flag);
    return *this;
  }
  FactBuilder& says(Aspect aspect, const std::string& text, const Codes& codes) {
    for (const auto& code : codes) {
      mention(code, kMentionObject);
      put(code, aspect, {.text = text});
    }
    return *this;
  }
  FactBuilder& groups(const std::string& parent, const Codes& children, bool out) {
    names({parent}, kMentionParent).names(children, kMentionChild);
    for (const auto& child : children) {
      put(child, Aspect::inside, {.text = out ? "" : parent}, parent);
      put(parent, Aspect::holds, {.flags = static_cast<uint8_t>(out), .text = child}, child);
    }
    return *this;
  }
  void mention(const std::string& code, uint8_t role) {
    uint8_t& roles = roles_[code];
    roles = static_cast<uint8_t>(roles | flags_ | role);
    put_always(code, Aspect::mention, {.flags = roles, .kind = kind_, .text = step_}, {});
  }
  void put(const std::string& code, Aspect aspect, StoredFact fact, const std::string& other = {}) {
    if ((flags_ & (kMentionNoEffect | kMentionWholeLot)) != 0) return;
    put_always(code, aspect, std::move(fact), other);
  }
  void put_always(const std::string& code, Aspect aspect, StoredFact fact,
                  const std::string& other) {
    FactKey key{.code = code_key(code), .aspect = aspect, .time_ms = time_ms_, .place = place_};
    if (!other.empty()) key.other = code_key(other);
    write(key, fact);
    rows_[key.place.leaf].emplace_back(key, std::move(fact));
  }
  void write(const FactKey& key, const StoredFact& fact) {
    changes_.push_back({Table::fact, fact_key(key), encode(fact)});
  }

  MemoryStore store_;
  Changes changes_;
  std::map<uint64_t, std::vector<std::pair<FactKey, StoredFact>>> rows_;  // by leaf
  std::map<std::string, uint8_t> roles_;  // of the codes of the event that is told
  Place place_;
  int64_t time_ms_ = 0;
  Kind kind_ = Kind::logistics;
  std::string step_;
  uint8_t flags_ = 0;
};

// Leaves of the steps, in the order of the answer.
inline std::vector<uint64_t> leaves(const Trace& trace) {
  std::vector<uint64_t> leaves;
  for (const auto& step : trace.steps) leaves.push_back(step.place.leaf);
  return leaves;
}

}  // namespace suyuan::testing
