#include "ledger/proof/audit_leaf.h"

#include "ledger/base/text.h"
#include "ledger/crypto/ed25519.h"
#include "ledger/crypto/hash.h"
#include "ledger/event/codes_of.h"
#include "ledger/code/code.h"
#include "ledger/merkle/tree.h"
#include "ledger/proof/leaf_check.h"
#include "ledger/proof/tiles.h"

namespace suyuan {
namespace {

// Where in the leaf a fault is; all messages share the place.
class LeafPlace {
 public:
  explicit LeafPlace(uint64_t leaf) : leaf_(leaf) {}

  Unexpected<AuditFault> in_leaf(AuditCheck check, std::string message,
                                 std::string field = {}) const {
    return Unexpected(AuditFault{.check = check,
                                 .message = std::move(message),
                                 .leaf = leaf_,
                                 .field = std::move(field),
                                 .file = "tile/entries/" + write_tile_number(leaf_ / kTileWidth)});
  }
  Unexpected<AuditFault> in_leaf(AuditCheck check, const Error& error) const {
    return in_leaf(check, error.message, error.field);
  }
  Unexpected<AuditFault> in_events(AuditCheck check, std::string message) const {
    return Unexpected(AuditFault{.check = check,
                                 .message = std::move(message),
                                 .leaf = leaf_,
                                 .file = write_events_path(leaf_)});
  }
  Unexpected<AuditFault> in_event(AuditCheck check, size_t event, std::string message,
                                  std::string field) const {
    return Unexpected(AuditFault{.check = check,
                                 .message = std::move(message),
                                 .leaf = leaf_,
                                 .event = static_cast<uint32_t>(event),
                                 .field = std::move(field),
                                 .file = write_events_path(leaf_)});
  }

 private:
  const uint64_t leaf_;
};

AuditResult<std::vector<Record>> open_records(const LeafPlace& at,
                                              const std::vector<LeafEvent>& events,
                                              AuditedLeaf& audited) {
  std::vector<Record> records;
  records.reserve(events.size());
  audited.records.reserve(events.size());
  audited.code_ends.reserve(events.size());
  for (size_t i = 0; i < events.size(); ++i) {
    auto record = decode_record(events[i].record);
    if (!record) {
      return at.in_event(AuditCheck::RECORD_INVALID, i, record.error().message, "record");
    }
    audited.records.push_back(leaf_hash(events[i].record));
    audited.codes.insert(audited.codes.end(), record->code_keys.begin(), record->code_keys.end());
    audited.code_ends.push_back(static_cast<uint32_t>(audited.codes.size()));
    records.push_back(*std::move(record));
  }
  const Hash root = tree_hash(audited.records);
  if (root != audited.note.batch.root) {
    return at.in_events(AuditCheck::ROOT_MISMATCH,
                        "the records hash to " + to_base64(root.view()) + ", the note signs " +
                            to_base64(audited.note.batch.root.view()));
  }
  return records;
}

std::vector<Hash> codes_named(const EventValue& value) {
  if (const auto* trace = std::get_if<TraceEvent>(&value)) return code_keys_of(codes_of(*trace));
  return {code_key(code_of(std::get<RegistryEvent>(value)))};
}

AuditResult<Done> open_payload(const LeafPlace& at, size_t index, const LeafEvent& event,
                               const Record& record, const PayloadDecoder& decode, KeepEvents keep,
                               AuditedLeaf& audited) {
  if (payload_hash(event.salt, event.payload) != record.payload) {
    return at.in_event(AuditCheck::PAYLOAD_CHANGED, index,
                       "salt and payload do not hash to the payload hash of the record",
                       "payload");
  }
  const PayloadType type = audited.note.batch.type;
  auto value = decode(type, event.payload);
  if (!value) {
    return at.in_event(AuditCheck::PAYLOAD_INVALID, index, to_text(value.error()), "payload");
  }
  const bool is_act = std::holds_alternative<RegistryEvent>(*value);
  if (is_act != (type == PayloadType::registry_capnp)) {
    return at.in_event(AuditCheck::PAYLOAD_INVALID, index,
                       "the payload is not of the note's type " + std::string(word(type)),
                       "payload");
  }
  if (codes_named(*value) != record.code_keys) {
    return at.in_event(AuditCheck::CODES_MISMATCH, index,
                       "the record names other codes than the payload: a chain would lack an "
                       "event, or have a foreign one",
                       "record");
  }
  if (is_act) audited.acts.push_back(std::get<RegistryEvent>(*value));
  if (keep == KeepEvents::no) return Done{};
  audited.batch.bodies.push_back({.salt = event.salt, .payload = Bytes(event.payload)});
  audited.batch.values.push_back(*std::move(value));
  return Done{};
}

AuditResult<Done> open_events(const LeafPlace& at, BytesView file, const PayloadDecoder& decode,
                              KeepEvents keep, AuditedLeaf& audited) {
  const BatchNote& note = audited.note.batch;
  const auto events = decode_leaf_events(file);
  if (!events) return at.in_events(AuditCheck::EVENTS_SYNTAX, events.error().message);
  if (events->size() != note.events) {
    return at.in_events(AuditCheck::EVENTS_SYNTAX, "there are " + std::to_string(events->size()) +
                                                       " events, the note signs " +
                                                       std::to_string(note.events));
  }
  SUYUAN_TRY(records, open_records(at, *events, audited));
  for (size_t i = 0; i < events->size(); ++i) {
    const LeafEvent& event = (*events)[i];
    if (event.state == PayloadState::open) {
      SUYUAN_TRY_DONE(open_payload(at, i, event, records[i], decode, keep, audited));
      ++audited.open;
      continue;
    }
    // Without it nobody can tell who may sign the leaves that follow.
    if (note.type == PayloadType::registry_capnp) {
      return at.in_event(AuditCheck::ACT_WITHHELD, i, "the act is withheld",
                         "payload");
    }
    // Rules 1 erase sections, which are kept next to payloads.
    if (event.state == PayloadState::erased) {
      return at.in_event(AuditCheck::ERASED_UNPROVEN, i,
                         "the payload is marked as erased, and no notice can have ordered it",
                         "payload");
    }
    ++audited.withheld;
  }
  return Done{};
}

}  // namespace

AuditResult<AuditedLeaf> audit_leaf(uint64_t leaf, BytesView data, const Hash& hash,
                                    BytesView events, const PayloadDecoder& decode,
                                    KeepEvents keep) {
  const LeafPlace at(leaf);
  AuditedLeaf audited{.hash = hash};
  auto parsed = parse_leaf(data);
  if (!parsed) return at.in_leaf(AuditCheck::LEAF_SYNTAX, parsed.error());
  audited.kind = parsed->kind;
  audited.time_ms = parsed->time_ms;
  if (parsed->kind == LeafKind::batch) {
    auto note = parse_batch_note(parsed->text);
    if (!note) return at.in_leaf(AuditCheck::LEAF_SYNTAX, note.error());
    audited.note = *std::move(note);
    audited.batch_id = batch_id(audited.note.note.text);
    SUYUAN_TRY_DONE(open_events(at, events, decode, keep, audited));
    if (keep == KeepEvents::yes) {
      audited.batch.note_text = std::move(parsed->text);
      audited.batch.note = audited.note;
    }
    return audited;
  }
  if (!events.empty()) {
    return at.in_events(AuditCheck::EVENTS_SYNTAX, "there are events after a leaf that has none "
                                                   "of events");
  }
  if (parsed->kind == LeafKind::genesis) {
    auto genesis = parse_genesis(parsed->text);
    if (!genesis) return at.in_leaf(AuditCheck::GENESIS_INVALID, genesis.error());
    audited.genesis = *std::move(genesis);
    audited.genesis_id = sha256(data);
  } else if (parsed->kind == LeafKind::seal) {
    auto seal = parse_seal(parsed->text);
    if (!seal) return at.in_leaf(AuditCheck::LEAF_SYNTAX, seal.error());
    audited.seal = *std::move(seal);
  } else {
    auto notice = parse_notice(parsed->text);
    if (!notice) return at.in_leaf(AuditCheck::LEAF_SYNTAX, notice.error());
    audited.batch_id = notice_id(*notice);
    audited.notice = *std::move(notice);
    if (keep == KeepEvents::yes) audited.batch.note_text = std::move(parsed->text);
  }
  return audited;
}

AuditResult<NoticeTarget> audit_target(uint64_t leaf, const SignedNotice& notice,
                                       BytesView target, BytesView events,
                                       const PayloadDecoder& decode) {
  const LeafPlace at(leaf);
  const auto& erase = std::get<EraseNotice>(notice.text);
  const auto wrong = [&](std::string message, std::string field = "leaf") {
    return at.in_leaf(AuditCheck::NOTICE_INVALID, std::move(message), std::move(field));
  };
  if (!erase.section) {
    return at.in_leaf(AuditCheck::RULES_NEWER, "rules 1 erase no payload", "part");
  }
  const auto parsed = parse_leaf(target);
  if (!parsed || parsed->kind != LeafKind::batch)
    return wrong("the leaf that it names is not a batch");
  const auto note = parse_batch_note(parsed->text);
  // The same checks as for the leaf itself, since it is read a second time.
  const auto held = open_leaf_events(target, events);
  if (!note || !held) return wrong("the leaf that it names differs when read again");
  if (erase.event >= held->size()) return wrong("the batch has no such event", "event");
  const LeafEvent& event = (*held)[erase.event];
  const auto record = decode_record(event.record);
  SUYUAN_CHECK(record.has_value());  // open_leaf_events has read it
  NoticeTarget found{.batch_id = batch_id(note->note.text),
                     .owner = note->batch.party,
                     .codes = record->code_keys};
  if (event.state != PayloadState::open) return found;
  const auto value = decode(note->batch.type, event.payload);
  if (!value) return wrong("the payload that it is about does not decode");
  const auto part = find_section(*value, *erase.section);
  if (!part) return wrong(part.error().message, "part");
  found.inspection = part->inspection;
  return found;
}

AuditResult<Done> audit_signatures(const SignatureTask& task) {
  const auto& lines = task.note.signatures;
  SUYUAN_CHECK(lines.size() == task.keys.size());
  for (size_t i = 0; i < lines.size(); ++i) {
    // The key was found by its id, which need not be hashed again.
    if (verify(task.keys[i], task.note.text, lines[i].signature)) continue;
    return LeafPlace(task.leaf).in_leaf(
        AuditCheck::SIGNATURE_INVALID,
        "the signature of " + lines[i].name + " is not of its registered key over this note",
        "signature line " + std::to_string(i + 1));
  }
  return Done{};
}

}  // namespace suyuan
