#include "ledger/batch/note.h"

#include <algorithm>

#include "ledger/base/limits.h"
#include "ledger/base/text.h"
#include "ledger/crypto/hash.h"
#include "ledger/batch/unfinished_note.h"
#include "ledger/crypto/text_lines.h"

namespace suyuan {
namespace {

constexpr std::string_view kBatchHeader = "suyuan/batch/v1";

void put_line(std::string& text, std::string_view keyword, std::string_view rest) {
  text.append(keyword).append(" ").append(rest).append("\n");
}

Result<std::string> party_of(const TextLines& lines, std::string_view rest) {
  if (is_party_id(rest)) return std::string(rest);
  return lines.refuse(quote(rest) +
                      " is not a party id: 1 to 63 of a-z 0-9 . -, both ends letter or digit");
}

Result<Done> take_ledger(TextLines& lines, BatchNote& batch) {
  SUYUAN_TRY(fields, lines.take_fields("ledger", 2));
  if (!is_origin(fields[0])) return lines.refuse(quote(fields[0]) + " is not a ledger's origin");
  batch.ledger.origin = fields[0];
  SUYUAN_TRY(genesis, lines.base64_of<Hash>(fields[1]));
  batch.ledger.genesis = genesis;
  return Done{};
}

Result<Done> take_parties(TextLines& lines, BatchNote& batch) {
  SUYUAN_TRY(party, lines.take("party"));
  SUYUAN_TRY(party_id, party_of(lines, party));
  batch.party = std::move(party_id);
  SUYUAN_TRY(signer, lines.take_if("signer"));
  if (signer) {
    SUYUAN_TRY(signer_id, party_of(lines, *signer));
    if (signer_id == batch.party) {
      return lines.refuse("a party that signs itself is not its own signer; leave the line out");
    }
    batch.signer = std::move(signer_id);
  }
  for (;;) {
    SUYUAN_TRY(with, lines.take_if("with"));
    if (!with) return Done{};
    SUYUAN_TRY(with_id, party_of(lines, *with));
    if (batch.with.size() == limits::kCosignersMax) {
      return fail(Code::TOO_MANY, "at most 8 parties sign with the party");
    }
    if (with_id == batch.party || with_id == batch.signer) {
      return lines.refuse(quote(with_id) + " signs already");
    }
    if (!batch.with.empty() && batch.with.back() >= with_id) {
      return lines.refuse(quote(with_id) + " does not come after " + quote(batch.with.back()) +
                          "; list parties in ascending order, each once");
    }
    batch.with.push_back(std::move(with_id));
  }
}

Result<Done> take_events(TextLines& lines, BatchNote& batch) {
  SUYUAN_TRY(type, lines.take("type"));
  const auto known = payload_type_from(type);
  if (!known && type.starts_with("application/vnd.suyuan.")) {
    return fail(Code::UNSUPPORTED_TYPE,
                quote(type) + " is not known here; a later version of the program may take it",
                "type");
  }
  if (!known) return lines.refuse(quote(type) + " is not one of the payload types of formats.md 2");
  batch.type = *known;
  SUYUAN_TRY(events, lines.take_decimal("events"));
  if (events == 0) return lines.refuse("a batch has at least one event");
  if (events > limits::kBatchEventsMax) {
    return fail(Code::TOO_MANY,
                "found " + std::to_string(events) + " events, a batch has at most 4,096; split it",
                "events");
  }
  batch.events = static_cast<uint32_t>(events);
  return Done{};
}

// Requires exactly one line of the signing party, then one of each `with`.
Result<Done> check_signature_lines(const BatchNote& batch,
                                   const std::vector<NoteSignature>& signatures) {
  if (signatures.size() != 1 + batch.with.size()) {
    return fail(Code::SIGNATURE_LINES, "found " + std::to_string(signatures.size()) +
                                           " signature lines, expected " +
                                           std::to_string(1 + batch.with.size()));
  }
  for (size_t i = 0; i < signatures.size(); ++i) {
    const std::string& expected = i == 0 ? batch.signing_party() : batch.with[i - 1];
    if (signatures[i].name == expected) continue;
    return fail(Code::SIGNATURE_LINES,
                "found the name " + quote(signatures[i].name) + ", expected " + quote(expected),
                "signature line " + std::to_string(i + 1));
  }
  return Done{};
}

}  // namespace

std::string write_batch_text(const BatchNote& batch) {
  std::string text;
  text.reserve(512);
  text.append(kBatchHeader).append("\n");
  put_line(text, "ledger", batch.ledger.line());
  put_line(text, "party", batch.party);
  if (!batch.signer.empty()) put_line(text, "signer", batch.signer);
  for (const auto& with : batch.with) put_line(text, "with", with);
  put_line(text, "type", word(batch.type));
  put_line(text, "events", std::to_string(batch.events));
  put_line(text, "root", to_base64(batch.root.view()));
  put_line(text, "until", std::to_string(batch.until_ms));
  put_line(text, "nonce", to_base64(batch.nonce.view()));
  return text;
}

Result<BatchNote> parse_batch_text(std::string_view text) {
  SUYUAN_TRY(lines, TextLines::open(text, kBatchHeader));
  BatchNote batch;
  SUYUAN_TRY_DONE(take_ledger(lines, batch));
  SUYUAN_TRY_DONE(take_parties(lines, batch));
  SUYUAN_TRY_DONE(take_events(lines, batch));
  SUYUAN_TRY(root, lines.take_base64<Hash>("root"));
  batch.root = root;
  SUYUAN_TRY(until, lines.take_time("until"));
  batch.until_ms = static_cast<uint64_t>(until);
  SUYUAN_TRY(nonce, lines.take_base64<Nonce>("nonce"));
  batch.nonce = nonce;
  SUYUAN_TRY_DONE(lines.finish());
  return batch;
}

Result<SignedBatchNote> parse_batch_note(std::string_view note) {
  SUYUAN_TRY(signed_note, parse_note(note));
  SUYUAN_TRY(batch, parse_batch_text(signed_note.text));
  SUYUAN_TRY_DONE(check_signature_lines(batch, signed_note.signatures));
  return SignedBatchNote{.batch = std::move(batch), .note = std::move(signed_note)};
}

Hash batch_id(std::string_view text) { return sha256(text); }

}  // namespace suyuan
