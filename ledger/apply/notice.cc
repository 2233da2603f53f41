#include "ledger/apply/notice.h"

#include <algorithm>

#include "ledger/apply/admission.h"
#include "ledger/apply/log_reader.h"
#include "ledger/apply/log_writer.h"
#include "ledger/base/text.h"
#include "ledger/event/record.h"

namespace suyuan {
namespace {

bool is_notice_fault(const Error& error) { return !info(error.code).refusal; }

// The event that an erasure is about.
struct Target {
  std::string owner;  // its batch's party
  Record record;
  std::optional<StoredPayload> payload;
};

Result<Target> find_target(const Reader& state, Place place) {
  SUYUAN_TRY(row, state.get(Table::record, place_key(place)));
  if (!row) {
    return fail(Code::NOT_FOUND,
                "there is no event " + std::to_string(place.event) + " at leaf " +
                    std::to_string(place.leaf) + " before the notice's own position",
                "leaf");
  }
  SUYUAN_TRY(record, decode_record(*row));
  SUYUAN_TRY(leaf, read_leaf(state, place.leaf));
  SUYUAN_TRY(note, parse_batch_note(leaf.text));
  SUYUAN_TRY(payload, get<StoredPayload>(state, Table::payload, place_key(place)));
  return Target{.owner = std::move(note.batch.party),
                .record = std::move(record),
                .payload = std::move(payload)};
}

Result<ErasedFrom> look_into(const Target& target, const EraseNotice& erase,
                             const PayloadDecoder& read) {
  // A missing row cannot be judged. This store must not continue.
  if (!target.payload) return fail(Code::CORRUPT, "the payload that a notice is about is missing");
  const auto value = read(target.payload->type, target.payload->bytes);
  if (!value) return fail(Code::CORRUPT, "a stored payload does not decode: " +
                                             to_text(value.error()));
  return find_section(*value, *erase.section);
}

// The part of the event that the erasure is about, if it may be erased.
Result<ErasedFrom> judge_erase(const Reader& state, const EraseNotice& erase,
                               const PartyState& party, const Target& target,
                               const PayloadDecoder& read) {
  const bool authority = party.is(Role::authority);
  // A party that may not erase learns nothing about the event's content.
  SUYUAN_TRY_DONE(check_may_erase(erase.party, authority, target.owner, false));
  if (!erase.section) {
    return fail(Code::NOT_AUTHORITY,
                "rules 1 erase only sealed sections; a payload stays, since without it nobody "
                "could apply its batch again",
                "part");
  }
  SUYUAN_TRY(before, erased_by(state, erase.place(), *erase.section));
  if (before) {
    return fail(Code::NOT_FOUND,
                "the notice at leaf " + std::to_string(*before) + " erased it: nothing is left",
                "part");
  }
  SUYUAN_TRY(found, look_into(target, erase, read));
  SUYUAN_TRY_DONE(check_may_erase(erase.party, authority, target.owner, found.inspection));
  return found;
}

// Writes the consequences; the leaf and its links are written afterwards.
Result<Record> take_erase(Overlay& state, RegistryCache& registry, uint64_t leaf,
                          const EraseNotice& erase, const PayloadDecoder& read) {
  SUYUAN_TRY(party, registry.party(erase.party));
  if (party == nullptr) {
    return fail(Code::PARTY_UNKNOWN, quote(erase.party) + " is not registered at this place",
                "party");
  }
  SUYUAN_TRY(target, find_target(state, erase.place()));
  SUYUAN_TRY(found, judge_erase(state, erase, *party, target, read));
  for (const uint32_t index : found.sections) {
    const Bytes key = section_key(erase.place(), index);
    SUYUAN_TRY(row, state.get(Table::section, key));
    if (!row) continue;  // for example, a replayer never had it
    state.erase(Table::section, key);
    state.put(Table::meta, Bytes(kPurgeRows) + key, {});
  }
  state.erase(Table::meta, absent_key(erase.place(), *erase.section));
  Bytes notice;
  put_u64(notice, leaf);
  state.put(Table::meta, erased_key(erase.place(), *erase.section), std::move(notice));
  return std::move(target.record);
}

// The rules that a rules notice sets, from the next leaf on.
Result<RulesState> judge_rules_now(const Reader& state, const VerifiedNotice& notice,
                                   const LedgerHead& head, int64_t time_ms) {
  SUYUAN_TRY(rules, parse_rules_notice(notice.note_text()));
  SUYUAN_TRY(first, read_leaf(state, 0));
  SUYUAN_TRY(genesis, parse_genesis(first.text));
  const LedgerId ledger{.origin = head.origin, .genesis = head.genesis};
  return judge_rules(state, rules,
                     {.ledger = ledger,
                      .genesis = genesis,
                      .leaf = head.leaves,
                      .time_ms = std::max(time_ms, head.time_ms)});
}

class NoticeRun {
 public:
  NoticeRun(const Reader& state, LedgerHead head, Frontier frontier, int64_t time_ms)
      : overlay_(state),
        registry_(overlay_),
        log_(overlay_, {head.leaves, head.events, head.chains}, std::move(frontier)),
        head_(std::move(head)),
        time_ms_(std::max(time_ms, head_.time_ms)) {}

  Result<Verdict> take(const VerifiedNotice& notice, const PayloadDecoder& read);
  Applied finish(uint64_t position, Verdict verdict) &&;

 private:
  Result<Done> judge_and_write(const VerifiedNotice& notice, const PayloadDecoder& read);
  Result<Done> take_rules(const VerifiedNotice& notice);

  Overlay overlay_;
  RegistryCache registry_;
  LogWriter log_;
  LedgerHead head_;
  const int64_t time_ms_;
};

// It concerns no code, so it adds no link. Its rules apply from the next leaf on.
Result<Done> NoticeRun::take_rules(const VerifiedNotice& notice) {
  SUYUAN_TRY(rules, judge_rules_now(overlay_, notice, head_, time_ms_));
  put_rules(overlay_, rules);
  head_.rules = static_cast<uint32_t>(rules.version);
  return Done{};
}

Result<Done> NoticeRun::judge_and_write(const VerifiedNotice& notice, const PayloadDecoder& read) {
  SUYUAN_TRY_DONE(admit_keys(notice.keys(), registry_, head_.leaves));
  std::vector<Hash> codes;
  if (const auto* erase = std::get_if<EraseNotice>(&notice.text())) {
    SUYUAN_TRY(record, take_erase(overlay_, registry_, head_.leaves, *erase, read));
    codes = std::move(record.code_keys);
  } else {
    SUYUAN_TRY_DONE(take_rules(notice));
  }
  std::vector<ChainHead> heads;
  heads.reserve(codes.size());
  for (const Hash& key : codes) {
    SUYUAN_TRY(head, get<ChainHead>(overlay_, Table::head, key.view()));
    if (!head) return fail(Code::CORRUPT, "a code that an event names has no chain");
    heads.push_back(*head);
  }
  log_.append_notice(time_ms_, notice.note_text(), codes, heads);
  overlay_.put(
      Table::batch, notice.id().bytes(),
      encode(StoredBatch{.leaf = head_.leaves, .receipt_size = log_.counts().leaves}));
  return Done{};
}

Result<Verdict> NoticeRun::take(const VerifiedNotice& notice, const PayloadDecoder& read) {
  SUYUAN_TRY(known, get<StoredBatch>(overlay_, Table::batch, notice.id().view()));
  if (known) return Verdict(Repeated{.leaf = known->leaf, .receipt_size = known->receipt_size});
  auto done = judge_and_write(notice, read);
  if (done) return Verdict(Accepted{.leaf = head_.leaves, .findings = {}});
  if (is_notice_fault(done.error())) return Unexpected(std::move(done).error());
  return Verdict(Refused{{std::move(done).error()}});
}

// A refusal precedes any write to the log.
Applied NoticeRun::finish(uint64_t position, Verdict verdict) && {
  Applied applied;
  applied.grown = std::holds_alternative<Accepted>(verdict);
  if (applied.grown) head_.time_ms = time_ms_;
  head_.position = position;
  head_.leaves = log_.counts().leaves;
  head_.frontier = log_.frontier().encode();
  overlay_.put(Table::meta, Bytes(kLedgerKey), encode(head_));
  applied.root = log_.frontier().root();
  applied.changes = std::move(overlay_).take_changes();
  applied.head = std::move(head_);
  applied.verdicts.push_back(std::move(verdict));
  return applied;
}

}  // namespace

Result<ErasedFrom> find_section(const EventValue& value, const Hash& digest) {
  ErasedFrom found;
  if (const auto* event = std::get_if<TraceEvent>(&value)) {
    found.inspection = event->kind == Kind::inspection;
    for (uint32_t i = 0; i < event->sections.size(); ++i) {
      if (event->sections[i].digest == digest) found.sections.push_back(i);
    }
  }
  if (!found.sections.empty()) return found;
  return fail(Code::NOT_FOUND, "the event has no sealed section of this digest", "part");
}

Result<std::optional<uint64_t>> erased_by(const Reader& state, Place place, const Hash& digest) {
  SUYUAN_TRY(row, state.get(Table::meta, erased_key(place, digest)));
  if (!row) return std::optional<uint64_t>{};
  Decoder in(*row);
  uint64_t notice = 0;
  if (in.get_u64(notice) && in.done()) return std::optional(notice);
  return fail(Code::CORRUPT, "the row of an erasure does not decode");
}

Result<std::vector<ErasedPart>> erased_parts(const Reader& state, Place place) {
  std::vector<ErasedPart> parts;
  bool whole = true;
  const Bytes prefix = erased_prefix(place);
  SUYUAN_TRY_DONE(state.scan(Table::meta, prefix, after_prefix(prefix), Direction::ascending,
                             [&](BytesView key, BytesView value) {
                               ErasedPart part;
                               Decoder digest(key.substr(prefix.size()));
                               Decoder notice(value);
                               whole = digest.get_fixed(part.digest) && digest.done() &&
                                       notice.get_u64(part.notice) && notice.done();
                               if (whole) parts.push_back(part);
                               return whole;
                             }));
  if (!whole) return fail(Code::CORRUPT, "the row of an erasure does not decode");
  return parts;
}

Result<Done> judge_notice(const Reader& state, const VerifiedNotice& notice,
                          const PayloadDecoder& read) {
  SUYUAN_TRY(head, read_head(state));
  const auto* erase = std::get_if<EraseNotice>(&notice.text());
  if (erase == nullptr) {
    SUYUAN_TRY_DONE(judge_rules_now(state, notice, head, head.time_ms));
    return Done{};
  }
  Overlay scratch(state);
  RegistryCache registry(scratch);
  SUYUAN_TRY_DONE(admit_keys(notice.keys(), registry, head.leaves));
  SUYUAN_TRY_DONE(take_erase(scratch, registry, head.leaves, *erase, read));
  return Done{};
}

Result<Applied> apply_notice(const Reader& state, uint64_t position, int64_t time_ms,
                             const VerifiedNotice& notice, const PayloadDecoder& read) {
  SUYUAN_TRY(head, read_head(state));
  if (position <= head.position) {
    return fail(Code::CORRUPT, "the notice's group " + std::to_string(position) +
                                   " comes after group " + std::to_string(head.position) +
                                   ": positions must rise");
  }
  SUYUAN_TRY(frontier, Frontier::decode(head.frontier));
  NoticeRun run(state, std::move(head), std::move(frontier), time_ms);
  SUYUAN_TRY(verdict, run.take(notice, read));
  return std::move(run).finish(position, std::move(verdict));
}

}  // namespace suyuan
