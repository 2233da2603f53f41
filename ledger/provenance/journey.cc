// What the ledger says about a code, as a verdict needs it: whether it is known, ended or recalled,
// and which required steps its trace shows.
#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "ledger/apply/log_reader.h"
#include "ledger/base/limits.h"
#include "ledger/base/text.h"
#include "ledger/batch/note.h"
#include "ledger/event/record.h"
#include "ledger/provenance/facts.h"
#include "ledger/provenance/thing_state.h"
#include "ledger/provenance/verdict.h"

namespace suyuan {
namespace {

enum class Papers : uint8_t { any, with_order, without_order };

// A word of the registry's `requiredSteps`, and the events that show it. A word without a role or
// kind here is open to any; a word that is not listed is itself a kind or a step.
struct StepWord {
  std::string_view word;
  std::optional<Kind> kind;
  std::string_view step;  // empty: any
  std::optional<Role> role;
  Papers papers;
  std::string_view zh;
  std::string_view en;
};
constexpr std::array<StepWord, 15> kStepWords = {{
    {"origin", Kind::origin, "", {}, Papers::any, "产地", "origin"},
    {"lab_report", Kind::inspection, "inspecting", Role::lab, Papers::any, "检验报告", "lab report"},
    {"export_certificate", Kind::inspection, "certifying", Role::competent_authority, Papers::any,
     "出口国官方证书", "export certificate"},
    {"arrival", Kind::logistics, "arriving", {}, Papers::any, "到港", "arrival"},
    {"declaration", Kind::transaction, "declaring", {}, Papers::any, "申报", "declaration"},
    {"customs_release", Kind::inspection, "releasing", Role::customs, Papers::without_order,
     "海关放行", "customs release"},
    {"order", Kind::transaction, "ordering", {}, Papers::any, "订单", "order"},
    {"payment", Kind::transaction, "paying", {}, Papers::any, "支付", "payment"},
    {"waybill", Kind::logistics, "consigning", {}, Papers::any, "运单", "waybill"},
    {"three_doc_release", Kind::inspection, "releasing", Role::customs, Papers::with_order,
     "三单比对放行", "release after order, payment and waybill were compared"},
    {"delivery", Kind::logistics, "delivering", {}, Papers::any, "签收", "delivery"},
    {"supply", Kind::supply, "", {}, Papers::any, "生产加工", "making and supply"},
    {"logistics", Kind::logistics, "", {}, Papers::any, "物流", "transport"},
    {"transaction", Kind::transaction, "", {}, Papers::any, "交易", "sale"},
    {"inspection", Kind::inspection, "", {}, Papers::any, "检验监管", "inspection"},
}};
constexpr std::string_view kMade = "made";

const StepWord* find_word(std::string_view text) {
  for (const auto& one : kStepWords) {
    if (one.word == text) return &one;
  }
  return nullptr;
}

BothLanguages title_of_step(const std::string& text) {
  if (text == kMade) return {"生产赋码", "making"};
  if (const auto* known = find_word(text)) return {std::string(known->zh), std::string(known->en)};
  std::string shown = text;
  std::replace(shown.begin(), shown.end(), '_', ' ');
  return {shown, shown};
}

class JourneyReader {
 public:
  JourneyReader(const Reader& reader, const Trace& trace) : reader_(reader), trace_(trace) {
    for (const auto& paper : trace.documents) {
      const auto parsed = parse_code(paper);
      if (parsed && parsed->type() == CodeType::order) orders_.insert(code_key(paper));
    }
  }

  Result<ChainStep> find(const std::string& required, const std::vector<Place>& makings) {
    ChainStep step{.step = required, .title = title_of_step(required), .events = {}};
    if (required == kMade) {
      step.events = makings;
      step.done = !makings.empty();
      return step;
    }
    const StepWord* known = find_word(required);
    for (const TraceStep& one : trace_.steps) {
      if (one.withdrawn_by || one.no_effect) continue;
      SUYUAN_TRY(fits, known ? shows(one, *known) : Result<bool>(one.step == required));
      if (fits) step.events.push_back(one.place);
    }
    step.done = !step.events.empty();
    return step;
  }

 private:
  Result<bool> shows(const TraceStep& step, const StepWord& wanted) {
    if (wanted.kind && step.kind != *wanted.kind) return false;
    if (!wanted.step.empty() && step.step != wanted.step) return false;
    if (wanted.role) {
      SUYUAN_TRY(is, party_is(step.place, *wanted.role));
      if (!is) return false;
    }
    if (wanted.papers == Papers::any) return true;
    SUYUAN_TRY(names, names_order(step.place));
    return names == (wanted.papers == Papers::with_order);
  }

  Result<bool> party_is(Place place, Role role) {
    SUYUAN_TRY(leaf, read_leaf(reader_, place.leaf));
    SUYUAN_TRY(note, parse_batch_note(leaf.text));
    const std::string& id = note.batch.party;
    auto known = parties_.find(id);
    if (known == parties_.end()) {
      SUYUAN_TRY(party, find_party(reader_, id));
      known = parties_.emplace(id, std::move(party)).first;
    }
    return known->second && known->second->is(role);
  }

  Result<bool> names_order(Place place) const {
    SUYUAN_TRY(bytes, reader_.get(Table::record, place_key(place)));
    if (!bytes) return fail(Code::CORRUPT, "an event of a trace has no record");
    SUYUAN_TRY(record, decode_record(*bytes));
    return std::any_of(record.code_keys.begin(), record.code_keys.end(),
                       [this](const Hash& key) { return orders_.contains(key); });
  }

  const Reader& reader_;
  const Trace& trace_;
  std::set<Hash> orders_;
  std::map<std::string, std::optional<PartyState>> parties_;
};

bool leaves_a_hole(Flag flag) {
  return flag == Flag::MISSING_STEP || flag == Flag::OUT_OF_ORDER || flag == Flag::MASS_BALANCE;
}

// A finding may concern other things of the same event.
bool concerns(const Finding& finding, const std::set<std::string>& codes) {
  return finding.codes.empty() ||
         std::any_of(finding.codes.begin(), finding.codes.end(),
                     [&](const std::string& code) { return codes.contains(code); });
}

Result<Done> read_flags(const Reader& reader, const Trace& trace, Journey& journey) {
  std::set<std::string> codes(trace.containers.begin(), trace.containers.end());
  codes.insert(trace.ancestors.begin(), trace.ancestors.end());
  codes.insert(journey.code);
  for (const TraceStep& step : trace.steps) {
    if (step.withdrawn_by || step.relation == Relation::document) continue;
    if (step.no_effect) {
      journey.remarks.push_back(step.place);
      continue;
    }
    SUYUAN_TRY(findings, findings_at(reader, step.place));
    for (Finding& finding : findings) {
      if (leaves_a_hole(finding.flag) && concerns(finding, codes))
        journey.flags.push_back(std::move(finding));
    }
  }
  return Done{};
}

// A reader who may read only public events; records whether that made a difference.
class Everyone final : public ReadFilter {
 public:
  bool sees(Place) const override {
    asked_ = true;
    return false;
  }
  bool asked() const { return asked_; }

 private:
  mutable bool asked_ = false;
};

Result<std::optional<Trace>> find_trace(const Reader& reader, std::string_view code,
                                        const AsOf& as_of) {
  auto trace = trace_back(reader, code, as_of);
  if (trace) return std::optional(*std::move(trace));
  if (trace.error().code == Code::NOT_FOUND) return std::optional<Trace>{};
  return Unexpected(std::move(trace).error());
}

// Keeps in the journey what everyone may read. A public event found only through a withheld one is
// withheld too: that it belongs to this thing is what the withheld one says.
void keep_shown(const VerdictTraces& traces, Journey& journey) {
  if (!traces.differ) return;
  journey.all_shown = false;
  std::set<Place> shown;
  if (traces.everyones) {
    for (const TraceStep& step : traces.everyones->steps) {
      if (!step.withheld) shown.insert(step.place);
    }
  }
  const auto keep = [&](std::vector<Place>& places) {
    std::erase_if(places, [&](Place place) { return !shown.contains(place); });
  };
  const bool end_shown = std::ranges::all_of(
      journey.end_events, [&](Place place) { return shown.contains(place); });
  journey.end_shown = end_shown;
  journey.disposition_shown = end_shown;
  keep(journey.end_events);
  keep(journey.recalls);
  keep(journey.remarks);
  for (ChainStep& step : journey.steps) keep(step.events);
  for (Finding& flag : journey.flags) {
    flag.reason.clear();  // it may repeat what a withheld event says
    if (!shown.contains(flag.event)) flag.event = {};
  }
}

bool is_recall(const TraceStep& step) {
  return step.kind == Kind::inspection && step.step == "recalling" && !step.withdrawn_by &&
         !step.no_effect && step.relation != Relation::document;
}

}  // namespace

const std::vector<std::string>& required_steps(const ScanPolicy& policy, const ProductData* product,
                                               std::string_view gtin, std::string_view trade_mode) {
  if (product != nullptr && !product->required_steps.empty()) return product->required_steps;
  const std::string_view hs = product != nullptr ? std::string_view(product->hs) : "";
  for (const auto& rule : policy.rules) {
    if (hs.starts_with(rule.hs) && gtin.starts_with(rule.gtin) &&
        (rule.trade_mode.empty() || rule.trade_mode == trade_mode)) {
      return rule.steps;
    }
  }
  return policy.default_steps;
}

Result<VerdictTraces> traces_of(const Reader& reader, std::string_view code, int64_t at_ms) {
  const Everyone everyone;
  VerdictTraces traces;
  SUYUAN_TRY(shown, find_trace(reader, code, {.at_ms = at_ms, .filter = &everyone}));
  traces.everyones = std::move(shown);
  traces.differ = everyone.asked();
  if (!traces.differ) {
    traces.whole = traces.everyones;
    return traces;
  }
  SUYUAN_TRY(whole, find_trace(reader, code, {.at_ms = at_ms}));
  traces.whole = std::move(whole);
  return traces;
}

std::vector<ChainStep> steps_told(const Journey& journey, ScanVerdict verdict) {
  std::vector<ChainStep> steps = journey.steps;
  const bool all_done = verdict > ScanVerdict::INCOMPLETE_CHAIN;
  for (ChainStep& step : steps) step.done = all_done || !step.events.empty();
  return steps;
}

Result<Journey> read_journey(const Reader& reader, const ProductCode& code, int64_t at_ms,
                             const VerdictTraces& traces,
                             const std::vector<std::string>& required) {
  const auto& trace = traces.whole;
  const AsOf as_of{.at_ms = at_ms};
  Journey journey{.code = code.text(), .type = code.type()};
  if (!trace) return journey;
  journey.named = true;
  Facts facts(reader, as_of, limits::kTraceStepsMax);
  SUYUAN_TRY(state, read_state(facts, code.text()));
  journey.disposition = std::move(state.disposition);
  journey.custodian = std::move(state.custodian);
  const Hash key = code_key(code.text());
  auto note_making = [&](const Fact& fact) {
    journey.makings.push_back(fact.key.place);
    return true;
  };
  SUYUAN_TRY_DONE(facts.each(key, Aspect::made, {.to = facts.end()}, note_making));
  SUYUAN_TRY(ended, facts.latest(key, Aspect::ended, {.to = facts.end()}));
  if (ended) {
    journey.ended = ended->fact.text.empty() ? "ended" : ended->fact.text;
    journey.end_events.push_back(ended->key.place);
  } else if (!journey.disposition.empty()) {
    SUYUAN_TRY(said, facts.reader().effective(key, Aspect::disposition, facts.end().time_ms));
    if (said) journey.end_events.push_back(said->key.place);
  }
  for (const TraceStep& step : trace->steps) {
    if (is_recall(step)) journey.recalls.push_back(step.place);
  }
  journey.recalled = !journey.recalls.empty();
  SUYUAN_TRY_DONE(read_flags(reader, *trace, journey));
  JourneyReader steps(reader, *trace);
  for (const auto& one : required) {
    SUYUAN_TRY(step, steps.find(one, journey.makings));
    journey.steps.push_back(std::move(step));
  }
  keep_shown(traces, journey);
  return journey;
}

}  // namespace suyuan
