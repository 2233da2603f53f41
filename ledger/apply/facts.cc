// Turns a judged event into its rows in the tables fact, code and below.
#include "ledger/apply/facts.h"

#include <algorithm>

namespace suyuan {
namespace {

class FactList {
 public:
  FactList(const Statement& statement, const Judgement& judgement)
      : statement_(statement), event_(statement.event), judgement_(judgement) {}

  std::vector<Fact> all() && {
    mentions();
    if (event_.whole_lot || judgement_.effect == Effect::none) return std::move(facts_);
    papers();
    makings();
    if (judgement_.effect == Effect::paper) return std::move(facts_);
    transformations();
    containment();
    ends();
    accounts();
    whereabouts();
    return std::move(facts_);
  }

 private:
  void add(const Hash& code, Aspect aspect, StoredFact fact, std::optional<Hash> other = {}) {
    fact.audience = event_.audience;
    facts_.push_back({{.code = code,
                       .aspect = aspect,
                       .time_ms = statement_.at(),
                       .place = statement_.place,
                       .other = other},
                      std::move(fact)});
  }
  // What `from` states about `to`, by its code.
  void tie(Aspect aspect, const Subject& from, const Subject& to) {
    add(from.key, aspect, {.text = to.text()}, to.key);
  }

  void mentions() {
    unsigned common = 0;
    if (event_.whole_lot) common |= kMentionWholeLot;
    if (judgement_.effect == Effect::none) common |= kMentionNoEffect;
    if (statement_.names_goods()) common |= kMentionNamesItems;
    for (const Subject& subject : statement_.subjects) {
      add(subject.key, Aspect::mention,
          {.flags = static_cast<uint8_t>(subject.roles | common),
           .kind = event_.kind,
           .text = event_.step});
    }
  }

  void papers() {
    for (const Subject& paper : statement_.subjects) {
      if (!paper.code.is_document()) continue;
      for (const Subject& other : statement_.subjects) {
        if (&other == &paper) continue;
        if (other.code.is_document()) {
          tie(Aspect::document, other, paper);
        } else if (other.is_thing()) {
          tie(Aspect::document, other, paper);
          tie(Aspect::named_item, paper, other);
        }
      }
    }
  }

  void makings() {
    for (const Subject* made : judgement_.made) {
      if (judgement_.effect == Effect::paper && !made->code.is_document()) continue;
      const bool from_lot = statement_.lot && made->is_thing();
      add(made->key, Aspect::made, {.text = from_lot ? statement_.lot->text() : std::string()});
      if (from_lot) {
        add(statement_.lot_key, Aspect::unit, {.text = made->text()}, made->key);
      }
    }
  }

  void transformations() {
    for (const Subject& input : statement_.subjects) {
      if (!input.is(kMentionInput)) continue;
      if (input.is_thing() && !input.is_counted()) {
        add(input.key, Aspect::ended, {.text = std::string(kConsumed)});
      }
      for (const Subject& output : statement_.subjects) {
        if (!output.is(kMentionOutput)) continue;
        tie(Aspect::made_into, input, output);
        tie(Aspect::made_from, output, input);
      }
    }
  }

  void containment() {
    const Subject* parent = statement_.parent;
    if (!parent || !(statement_.packs() || statement_.unpacks())) return;
    const bool out = statement_.unpacks();
    bool any = false;
    for (const Subject& child : statement_.subjects) {
      if (!child.is(kMentionChild)) continue;
      any = true;
      if (!child.is_thing()) continue;
      add(child.key, Aspect::inside, {.text = out ? std::string() : parent->text()}, parent->key);
      add(parent->key, Aspect::holds,
          {.flags = static_cast<uint8_t>(out ? 1 : 0), .text = child.text()}, child.key);
    }
    if (out && !any) add(parent->key, Aspect::emptied, {});
  }

  void ends() {
    for (const Subject& subject : statement_.subjects) {
      if (!statement_.ends(subject) || subject.is_class() || subject.is_counted()) continue;
      add(subject.key, Aspect::ended, {.text = event_.step.empty() ? "DELETE" : event_.step});
    }
  }

  void accounts() {
    for (const AccountLine& line : judgement_.lines) {
      add(line.lot, Aspect::balance, {.amount = line.amount, .uom = line.uom});
    }
  }

  void whereabouts() {
    const std::string& receiver = judgement_.receiver;
    const std::string& place =
        event_.biz_location.empty() ? event_.read_point : event_.biz_location;
    for (const Subject& subject : statement_.subjects) {
      if (!subject.is_thing() || subject.is(kMentionInput)) continue;
      if (!event_.disposition.empty()) {
        add(subject.key, Aspect::disposition, {.text = event_.disposition});
      }
      if (!place.empty() && judgement_.tells_place) {
        add(subject.key, Aspect::location, {.text = place});
      }
      // Of a lot a consumer buys a part: the seller has the rest, and sells it to the next.
      const bool in_part = receiver == kConsumer && subject.is_counted();
      if (!receiver.empty() && !in_part) {
        add(subject.key, Aspect::custody, {.text = receiver});
      } else if (takes(subject)) {
        add(subject.key, Aspect::custody, {.text = std::string(statement_.party)});
      }
    }
  }

  bool takes(const Subject& subject) const {
    const auto among = [&](const std::vector<const Subject*>& list) {
      return std::binary_search(list.begin(), list.end(), &subject);
    };
    return among(judgement_.made) || among(judgement_.taken);
  }

  const Statement& statement_;
  const TraceEvent& event_;
  const Judgement& judgement_;
  std::vector<Fact> facts_;
};

// Lists what is below a class or a lot, for browsing.
void write_code(Overlay& state, const Statement& statement, const Subject& subject) {
  if (!subject.is_new()) return;
  state.put(Table::code, subject.key.bytes(),
            encode(StoredCode{.canonical = subject.text(), .first = statement.place}));
  if (const auto item_class = subject.code.class_of()) {
    state.put(Table::below, below_key(*item_class, subject.text()), {});
  }
}

}  // namespace

std::vector<Fact> facts_of(const Statement& statement, const Judgement& judgement) {
  return FactList(statement, judgement).all();
}

std::vector<Fact> possible_facts(const Statement& statement) {
  Judgement any;
  any.tells_place = true;
  for (const Subject& subject : statement.subjects) {
    if (statement.brings(subject)) any.made.push_back(&subject);
    any.taken.push_back(&subject);
  }
  any.lines = account_lines(statement);
  return FactList(statement, any).all();
}

Result<Done> write_facts(Overlay& state, const Statement& statement, const Judgement& judgement) {
  for (const Subject& subject : statement.subjects) write_code(state, statement, subject);
  for (const Fact& fact : facts_of(statement, judgement)) {
    if (fact.key.aspect == Aspect::unit && statement.lot) {
      state.put(Table::below, below_key(statement.lot->text(), fact.fact.text), {});
    }
    state.put(Table::fact, fact_key(fact.key), encode(fact.fact));
  }
  if (judgement.effect != Effect::full) return Done{};
  for (const AccountLine& line : judgement.lines) {
    SUYUAN_TRY_DONE(add_to_account(state, line, statement.at()));
  }
  return Done{};
}

}  // namespace suyuan
