// Verifies a batch on its own: what batch.h promises, in that order.
#include <algorithm>

#include "ledger/base/limits.h"
#include "ledger/batch/batch.h"
#include "ledger/code/code.h"
#include "ledger/event/codes_of.h"
#include "ledger/event/validate.h"
#include "ledger/merkle/tree.h"
#include "ledger/registry/act_rules.h"

namespace suyuan {
namespace {

Unexpected<Errors> one(Error error) { return Unexpected(Errors{std::move(error)}); }

void add(Errors& errors, Error error, size_t event) {
  if (errors.size() == limits::kErrorsPerBatchMax) return;
  errors.push_back(at_event(std::move(error), event));
}

Error too_large(size_t found, size_t most, std::string field = {}) {
  return {.code = Code::TOO_LARGE,
          .message = "found " + std::to_string(found) + " bytes, at most " + std::to_string(most) +
                     " are accepted",
          .field = std::move(field)};
}

std::string section_field(size_t index) { return "sections[" + std::to_string(index) + "]"; }

void check_size(const EventBody& body, size_t event, Errors& errors) {
  if (body.payload.size() > limits::kPayloadBytesMax) {
    add(errors, too_large(body.payload.size(), limits::kPayloadBytesMax, "payload"), event);
  }
  if (body.sections.size() > limits::kSectionsPerEventMax) {
    return add(errors,
               {.code = Code::TOO_MANY,
                .message = "found " + std::to_string(body.sections.size()) +
                           " sections, an event has at most 32",
                .field = "sections"},
               event);
  }
  for (size_t i = 0; i < body.sections.size(); ++i) {
    const size_t size = body.sections[i].bytes.size();
    if (size <= limits::kSectionBytesMax) continue;
    add(errors, too_large(size, limits::kSectionBytesMax, section_field(i)), event);
  }
}

Errors check_sizes(const Submission& submission, const BatchNote& note) {
  if (submission.events.size() != note.events) {
    return {{.code = Code::COUNT_MISMATCH,
             .message = "the note says " + std::to_string(note.events) + " events, " +
                        std::to_string(submission.events.size()) + " were sent"}};
  }
  if (submission.bytes() > limits::kBatchBytesMax) {
    return {too_large(submission.bytes(), limits::kBatchBytesMax)};
  }
  Errors errors;
  for (size_t i = 0; i < submission.events.size(); ++i) {
    check_size(submission.events[i], i, errors);
  }
  return errors;
}

Result<Done> check_ledger(const BatchNote& note, const LedgerId& ledger) {
  if (note.ledger == ledger) return Done{};
  return fail(Code::LEDGER_MISMATCH,
              "the note is for " + quote(note.ledger.line()) + ", this ledger is " +
                  quote(ledger.line()) + "; sign it for this one",
              "ledger");
}

Result<PartyState> registered(const Reader& registry, const std::string& id,
                              const std::string& field) {
  SUYUAN_TRY(party, find_party(registry, id));
  if (party) return *std::move(party);
  return fail(Code::PARTY_UNKNOWN,
              quote(id) + " is not registered; ask an authority of this ledger to register it",
              field);
}

// Finds the keys that the signature lines name, then checks the signatures.
Result<std::vector<UsedKey>> check_signatures(const SignedBatchNote& signed_note,
                                              const Reader& registry, BatchFrom from) {
  const BatchNote& note = signed_note.batch;
  if (!note.signer.empty()) {
    SUYUAN_TRY_DONE(registered(registry, note.party, "party"));
    // A registry act needs the authority's own key (formats.md 9).
    if (note.type == PayloadType::registry_capnp) {
      return fail(Code::NOT_AUTHORITY, "a registry act is never signed through a gateway",
                  "signer");
    }
  }
  std::vector<UsedKey> keys;
  const auto& lines = signed_note.note.signatures;
  for (size_t i = 0; i < lines.size(); ++i) {
    const std::string field = i > 0 ? "with" : note.signer.empty() ? "party" : "signer";
    SUYUAN_TRY(party, registered(registry, lines[i].name, field));
    SUYUAN_TRY(key, key_of(party, lines[i].key_id));
    keys.push_back({.party = lines[i].name, .key = key.key, .key_id = key.key_id});
  }
  for (size_t i = 0; i < lines.size() && from == BatchFrom::sender; ++i) {
    if (verify_note_signature(signed_note.note.text, lines[i], keys[i].key)) continue;
    return fail(Code::SIGNATURE_INVALID,
                "the signature of " + lines[i].name + " is not of its key over this text; " +
                    "sign the note's text as it is sent",
                "signature line " + std::to_string(i + 1));
  }
  return keys;
}

Result<Done> check_sections(const std::vector<SectionRef>& refs, const EventBody& body,
                            std::string_view party) {
  if (refs.size() != body.sections.size()) {
    return fail(Code::SECTION_MISMATCH,
                "the payload names " + std::to_string(refs.size()) + " sections, " +
                    std::to_string(body.sections.size()) + " were sent",
                "sections");
  }
  for (size_t i = 0; i < refs.size(); ++i) {
    const auto& sent = body.sections[i];
    if (section_digest(party, refs[i].audience, sent.salt, sent.bytes) == refs[i].digest) continue;
    return fail(Code::SECTION_MISMATCH,
                "salt and bytes do not hash to the digest " + to_hex(refs[i].digest.view()) +
                    " in the payload, for party " + std::string(party) + " and audience " +
                    std::string(word(refs[i].audience)),
                section_field(i));
  }
  return Done{};
}

// The rules for one event.
void check_event(const EventValue& value, const EventBody& body, const BatchNote& note,
                 BatchFrom from, size_t event, Errors& errors) {
  const auto* act = std::get_if<RegistryEvent>(&value);
  const auto* trace = std::get_if<TraceEvent>(&value);
  if ((act != nullptr) != (note.type == PayloadType::registry_capnp)) {
    return add(errors,
               {.code = Code::UNSUPPORTED_TYPE,
                .message = "the payload is not of the note's type " + std::string(word(note.type)),
                .field = "payload"},
               event);
  }
  for (auto& fault : act != nullptr ? faults_of(*act) : faults_of(*trace)) {
    add(errors, std::move(fault), event);
  }
  if (from == BatchFrom::log) return;
  static const std::vector<SectionRef> kNone;
  auto sections = check_sections(act != nullptr ? kNone : trace->sections, body, note.party);
  if (!sections) add(errors, std::move(sections).error(), event);
}

VerifiedEvent make_event(EventValue value, EventBody body) {
  const auto* trace = std::get_if<TraceEvent>(&value);
  auto codes = trace != nullptr ? codes_of(*trace)
                                : std::vector<std::string>{code_of(std::get<RegistryEvent>(value))};
  std::vector<std::pair<Hash, std::string>> keyed;
  keyed.reserve(codes.size());
  for (auto& code : codes) {
    const Hash key = code_key(code);
    keyed.emplace_back(key, std::move(code));
  }
  std::ranges::sort(keyed);
  VerifiedEvent event;
  event.record.payload = payload_hash(body.salt, body.payload);
  event.record.code_keys.reserve(keyed.size());
  event.codes.reserve(keyed.size());
  for (auto& [key, code] : keyed) {
    event.record.code_keys.push_back(key);
    event.codes.push_back(std::move(code));
  }
  event.record_bytes = encode_record(event.record);
  event.value = std::move(value);
  event.body = std::move(body);
  return event;
}

// Checks the records with the rest, and their root against the signed one.
Result<Done> check_records(const std::vector<VerifiedEvent>& events, size_t other_bytes,
                           const Hash& signed_root) {
  std::vector<Hash> leaves;
  leaves.reserve(events.size());
  size_t bytes = other_bytes;
  for (const auto& event : events) {
    bytes += event.record_bytes.size();
    leaves.push_back(leaf_hash(event.record_bytes));
  }
  if (bytes > limits::kBatchBytesMax) {
    return Unexpected(too_large(bytes, limits::kBatchBytesMax));
  }
  const Hash root = tree_hash(leaves);
  if (root == signed_root) return Done{};
  return fail(Code::ROOT_MISMATCH,
              "the records of the events sent hash to " + to_base64(root.view()) +
                  ", the note says " + to_base64(signed_root.view()) +
                  "; send salts and payloads as they were signed",
              "root");
}

}  // namespace

size_t Submission::bytes() const {
  size_t bytes = 0;
  for (const auto& event : events) {
    bytes += Salt::kSize + event.payload.size();
    for (const auto& section : event.sections) bytes += Salt::kSize + section.bytes.size();
  }
  return bytes;
}

Results<VerifiedBatch> verify(DecodedBatch batch, const LedgerId& ledger, const Reader& registry,
                              BatchFrom from) {
  const BatchNote& note = batch.note.batch;
  // The parsed note is the signed one, and each body has its value; otherwise decode is broken.
  SUYUAN_CHECK(write_batch_text(note) == batch.note.note.text);
  SUYUAN_CHECK(batch.values.size() == batch.submission.events.size());

  Errors errors = check_sizes(batch.submission, note);
  if (!errors.empty()) return Unexpected(std::move(errors));
  auto ledger_checked = check_ledger(note, ledger);
  if (!ledger_checked) return one(std::move(ledger_checked).error());
  auto keys = check_signatures(batch.note, registry, from);
  if (!keys) return one(std::move(keys).error());

  for (size_t i = 0; i < batch.values.size(); ++i) {
    check_event(batch.values[i], batch.submission.events[i], note, from, i, errors);
  }
  if (!errors.empty()) return Unexpected(std::move(errors));

  VerifiedBatch verified;
  const size_t sent_bytes = batch.submission.bytes();
  verified.events_.reserve(batch.values.size());
  for (size_t i = 0; i < batch.values.size(); ++i) {
    verified.events_.push_back(
        make_event(std::move(batch.values[i]), std::move(batch.submission.events[i])));
    if (i < batch.statements.size()) verified.events_.back().statement = batch.statements[i];
  }
  auto records = check_records(verified.events_, sent_bytes, note.root);
  if (!records) return one(std::move(records).error());
  verified.id_ = batch_id(batch.note.note.text);
  verified.note_text_ = write_note(batch.note.note);
  verified.note_ = std::move(batch.note.batch);
  verified.keys_ = *std::move(keys);
  return verified;
}

}  // namespace suyuan
