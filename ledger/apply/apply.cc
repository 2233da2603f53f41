// Applies one group of batches: judges each at its own position, and writes what it changes.
#include "ledger/apply/apply.h"

#include <algorithm>
#include <map>

#include "ledger/apply/admission.h"
#include "ledger/apply/correction.h"
#include "ledger/apply/facts.h"
#include "ledger/apply/judge.h"
#include "ledger/apply/log_writer.h"
#include "ledger/apply/registry_cache.h"
#include "ledger/apply/statement.h"
#include "ledger/base/limits.h"
#include "ledger/crypto/hash.h"
#include "ledger/registry/quorum.h"

namespace suyuan {
namespace {

// An internal or disk fault stops the group; a refusal is the batch's verdict.
bool is_fault(const Error& error) { return !info(error.code).refusal; }

class GroupRun {
 public:
  GroupRun(const Reader& state, const LedgerHead& head, Frontier frontier, int64_t time_ms)
      : overlay_(state),
        registry_(overlay_),
        log_(overlay_, {head.leaves, head.events, head.chains}, std::move(frontier)),
        ledger_{head.origin, head.genesis},
        rules_(head.rules),
        first_leaf_(head.leaves),
        time_ms_(std::max(time_ms, head.time_ms)) {}

  Result<Verdict> take(const VerifiedBatch& batch);
  Result<Applied> finish(LedgerHead head, uint64_t position, std::vector<Verdict> verdicts) &&;

 private:
  Result<std::optional<Repeated>> find_repeat(const Hash& batch_id) const;
  Result<Repeated> repeat_of(const std::vector<Place>& places) const;
  Result<Repeated> repeat_at(uint64_t leaf_index) const;
  Result<Errors> take_events(const VerifiedBatch& batch, const PartyState& party, EventIds& ids,
                             std::vector<Finding>& findings);
  Result<Errors> take_statement(const VerifiedBatch& batch, const PartyState& party, size_t index,
                                const std::optional<EventId>& id, std::vector<Finding>& findings);
  Result<Errors> take_act(const VerifiedBatch& batch, const PartyState& party, size_t index);
  void write_findings(const std::vector<Finding>& findings);

  Place place_of(size_t event) const {
    return {log_.counts().leaves, static_cast<uint32_t>(event)};
  }

  Overlay overlay_;
  RegistryCache registry_;
  LogWriter log_;
  LedgerId ledger_;
  uint64_t rules_;  // for the whole group: a notice that changes them is a group of its own
  uint64_t first_leaf_;
  int64_t time_ms_;
  size_t pairs_ = 0;                     // of the current batch, compared with kPairsPerBatchMax
  std::map<Hash, uint64_t> accepted_;    // batch id to leaf: rows are written at the group's end,
                                         // when the size that acknowledges them is known
};

// Takes one batch through all steps.
Result<Verdict> GroupRun::take(const VerifiedBatch& batch) {
  SUYUAN_TRY(repeat, find_repeat(batch.id()));
  if (repeat) return Verdict(*std::move(repeat));

  auto party = admit(batch, registry_, log_.counts().leaves, time_ms_);
  if (!party) {
    if (is_fault(party.error())) return Unexpected(std::move(party).error());
    return Verdict(Refused{{std::move(party).error()}});
  }
  if (auto good = check_later_rules(rules_, batch.note()); !good)
    return Verdict(Refused{{std::move(good).error()}});
  SUYUAN_TRY(ids, check_event_ids(overlay_, batch));
  if (!ids.repeated.empty()) {
    SUYUAN_TRY(repeated, repeat_of(ids.repeated));
    return Verdict(std::move(repeated));
  }
  const size_t mark = overlay_.mark();
  const LogCounts counts = log_.counts();
  Accepted accepted{.leaf = counts.leaves, .findings = {}};
  SUYUAN_TRY(errors, take_events(batch, **party, ids, accepted.findings));
  if (batch.note().type == PayloadType::registry_capnp) registry_.forget();
  if (!errors.empty()) {
    overlay_.undo_to(mark);
    log_.undo_events(counts);
    return Verdict(Refused{std::move(errors)});
  }
  log_.append_leaf(LeafKind::batch, time_ms_, batch.note_text());
  accepted_.emplace(batch.id(), accepted.leaf);
  write_findings(accepted.findings);
  return Verdict(std::move(accepted));
}

// Judges each event on the state after the previous one. After a faulty event the others are still
// judged, so that the sender learns of all faults.
Result<Errors> GroupRun::take_events(const VerifiedBatch& batch, const PartyState& party,
                                     EventIds& ids, std::vector<Finding>& findings) {
  Errors errors = std::move(ids.errors);
  pairs_ = 0;
  for (size_t i = 0; i < batch.events().size(); ++i) {
    if (errors.size() >= limits::kErrorsPerBatchMax) break;
    const bool act = std::holds_alternative<RegistryEvent>(batch.events()[i].value);
    auto faults = act ? take_act(batch, party, i)
                      : take_statement(batch, party, i, ids.ids[i], findings);
    if (!faults) {
      if (is_fault(faults.error())) return Unexpected(std::move(faults).error());
      errors.push_back(at_event(std::move(faults).error(), i));
      continue;
    }
    for (Error& error : *faults) errors.push_back(at_event(std::move(error), i));
  }
  if (errors.size() > limits::kErrorsPerBatchMax) errors.resize(limits::kErrorsPerBatchMax);
  return errors;
}

Result<Errors> GroupRun::take_statement(const VerifiedBatch& batch, const PartyState& party,
                                        size_t index, const std::optional<EventId>& id,
                                        std::vector<Finding>& findings) {
  const VerifiedEvent& event = batch.events()[index];
  const Place place = place_of(index);
  SUYUAN_TRY(statement, look_up(overlay_, event, party.data.id, place, time_ms_));
  std::vector<ChainHead> heads;
  heads.reserve(statement.subjects.size());
  for (const Subject& subject : statement.subjects) heads.push_back(subject.head);

  pairs_ += statement.pairs();
  if (pairs_ > limits::kPairsPerBatchMax) {
    return fail(Code::TOO_MANY, "more than " + std::to_string(limits::kPairsPerBatchMax) +
                                    " pairs of inputs and outputs, or of papers and things, in "
                                    "one batch: post several");
  }
  if (statement.event.error) {
    // It may withdraw an event of this batch.
    SUYUAN_TRY(original, get<StoredEventId>(overlay_, Table::event_id, id->key.view()));
    SUYUAN_TRY(found,
               withdraw(overlay_, std::move(statement), id->key, event.statement, original));
    std::move(found.begin(), found.end(), std::back_inserter(findings));
  } else {
    SUYUAN_TRY(judgement, judge(statement, overlay_, registry_, party));
    if (!judgement.errors.empty()) return std::move(judgement.errors);
    SUYUAN_TRY_DONE(write_facts(overlay_, statement, judgement));
    if (id) {
      overlay_.put(Table::event_id, id->key.bytes(),
                   encode(StoredEventId{.place = place,
                                        .payload_sha256 = id->payload_sha256,
                                        .statement = event.statement}));
    }
    std::move(judgement.findings.begin(), judgement.findings.end(), std::back_inserter(findings));
  }
  log_.append_event(event, batch.note().type, place, heads);
  return Errors{};
}

Result<Errors> GroupRun::take_act(const VerifiedBatch& batch, const PartyState& party,
                                  size_t index) {
  const VerifiedEvent& event = batch.events()[index];
  const Place place = place_of(index);
  SUYUAN_TRY_DONE(apply_registry_event(overlay_, ledger_, std::get<RegistryEvent>(event.value),
                                       ActSigners(party, batch.note().with), place.leaf));
  std::vector<ChainHead> heads;
  for (size_t i = 0; i < event.codes.size(); ++i) {
    const Hash& key = event.record.code_keys[i];
    SUYUAN_TRY(head, get<ChainHead>(overlay_, Table::head, key.view()));
    if (!head) {
      overlay_.put(Table::code, key.bytes(),
                   encode(StoredCode{.canonical = event.codes[i], .first = place}));
    }
    heads.push_back(head.value_or(ChainHead{}));
  }
  log_.append_event(event, batch.note().type, place, heads);
  return Errors{};
}

// These bytes are compared by replay audits: see Finding::reason before you change a text.
void GroupRun::write_findings(const std::vector<Finding>& findings) {
  std::map<Place, uint8_t> next;  // an event has at most kFindingsPerEventMax
  for (const Finding& finding : findings) {
    overlay_.put(Table::finding, finding_key(finding.event, next[finding.event]++),
                 encode(finding));
  }
}

Result<std::optional<Repeated>> GroupRun::find_repeat(const Hash& batch_id) const {
  if (const auto here = accepted_.find(batch_id); here != accepted_.end()) {
    return std::optional<Repeated>({.leaf = here->second, .receipt_size = 0});
  }
  SUYUAN_TRY(stored, get<StoredBatch>(overlay_, Table::batch, batch_id.view()));
  if (!stored) return std::optional<Repeated>{};
  return std::optional<Repeated>({.leaf = stored->leaf, .receipt_size = stored->receipt_size});
}

// Events that came before: the batch of the first, and which of that batch's events they are.
Result<Repeated> GroupRun::repeat_of(const std::vector<Place>& places) const {
  SUYUAN_TRY(repeat, repeat_at(places.front().leaf));
  std::vector<uint32_t> events;
  for (const Place place : places) {
    if (place.leaf == repeat.leaf) events.push_back(place.event);
  }
  std::ranges::sort(events);
  events.erase(std::unique(events.begin(), events.end()), events.end());
  repeat.events = std::move(events);
  return repeat;
}

// The batch of a leaf, by the note in it.
Result<Repeated> GroupRun::repeat_at(uint64_t leaf_index) const {
  if (leaf_index >= first_leaf_) return Repeated{.leaf = leaf_index, .receipt_size = 0};
  SUYUAN_TRY(data, overlay_.get(Table::leaf, u64_key(leaf_index)));
  if (!data) return fail(Code::CORRUPT, "leaf " + std::to_string(leaf_index) + " is missing");
  SUYUAN_TRY(leaf, parse_leaf(*data));
  SUYUAN_TRY(note, parse_note(leaf.text));
  SUYUAN_TRY(repeat, find_repeat(batch_id(note.text)));
  if (repeat) return *std::move(repeat);
  return fail(Code::CORRUPT, "leaf " + std::to_string(leaf_index) + " has no batch row");
}

Result<Applied> GroupRun::finish(LedgerHead head, uint64_t position,
                                 std::vector<Verdict> verdicts) && {
  const LogCounts& counts = log_.counts();
  Applied applied;
  applied.grown = counts.leaves != head.leaves;
  if (applied.grown) head.time_ms = time_ms_;
  head.position = position;
  head.leaves = counts.leaves;
  head.events = counts.events;
  head.chains = counts.chains;
  head.frontier = log_.frontier().encode();
  for (const auto& [id, leaf] : accepted_) {
    overlay_.put(Table::batch, id.bytes(),
                 encode(StoredBatch{.leaf = leaf, .receipt_size = counts.leaves}));
  }
  for (Verdict& verdict : verdicts) {
    auto* repeated = std::get_if<Repeated>(&verdict);
    if (repeated && repeated->leaf >= first_leaf_) repeated->receipt_size = counts.leaves;
  }
  overlay_.put(Table::meta, Bytes(kLedgerKey), encode(head));
  applied.changes = std::move(overlay_).take_changes();
  applied.head = std::move(head);
  applied.root = log_.frontier().root();
  applied.verdicts = std::move(verdicts);
  return applied;
}

// The state before genesis.
class Nothing final : public Reader {
 public:
  Result<std::optional<Bytes>> get(Table, BytesView) const override {
    return std::optional<Bytes>{};
  }
  Result<Done> scan(Table, BytesView, BytesView, Direction, const RowVisitor&) const override {
    return Done{};
  }
};

}  // namespace

Result<Applied> apply(const Reader& state, const Group& group) {
  SUYUAN_TRY(head, read_head(state));
  if (group.position <= head.position) {
    return fail(Code::CORRUPT, "group " + std::to_string(group.position) +
                                   " comes after group " + std::to_string(head.position) +
                                   ": positions must rise");
  }
  SUYUAN_TRY(frontier, Frontier::decode(head.frontier));
  GroupRun run(state, head, std::move(frontier), group.time_ms);
  std::vector<Verdict> verdicts;
  verdicts.reserve(group.batches.size());
  for (const VerifiedBatch* batch : group.batches) {
    SUYUAN_TRY(verdict, run.take(*batch));
    verdicts.push_back(std::move(verdict));
  }
  return std::move(run).finish(std::move(head), group.position, std::move(verdicts));
}

Result<Applied> apply_genesis(std::string_view genesis_text, int64_t time_ms) {
  SUYUAN_TRY(genesis, parse_genesis(genesis_text));
  const Nothing nothing;
  Overlay overlay(nothing);
  start_registry(overlay, genesis);
  LogWriter log(overlay, {}, {});
  log.append_leaf(LeafKind::genesis, time_ms, genesis_text);

  Applied applied;
  applied.head.origin = genesis.origin;
  applied.head.genesis = sha256(write_leaf(LeafKind::genesis, time_ms, genesis_text));
  applied.head.leaves = 1;
  applied.head.time_ms = time_ms;
  applied.head.frontier = log.frontier().encode();
  overlay.put(Table::meta, Bytes(kLedgerKey), encode(applied.head));
  applied.root = log.frontier().root();
  applied.grown = true;
  applied.changes = std::move(overlay).take_changes();
  return applied;
}

Result<LedgerHead> read_head(const Reader& reader) {
  SUYUAN_TRY(head, get<LedgerHead>(reader, Table::meta, kLedgerKey));
  if (head) return *std::move(head);
  return fail(Code::NOT_FOUND, "there is no ledger here yet: make one with init");
}

}  // namespace suyuan
