#include <algorithm>
#include <filesystem>

#include "client/command/posting.h"
#include "ledger/base/check.h"
#include "ledger/base/limits.h"
#include "ledger/base/text.h"
#include "ledger/batch/notice.h"
#include "ledger/os/files.h"
#include "proto/jsontext/writer.h"
#include "proto/submission_codec.h"

namespace suyuan {
namespace {

struct EraseOptions {
  std::string place;
  std::string part;
  std::string ground;
  std::string key;
  std::string out;
};

void declare_erase(CLI::App& command, EraseOptions& options, const Shell& shell) {
  const auto text = [&](Help what) { return help(what, shell.lang); };
  command.add_option("place", options.place, text(Help::erase_place))->required();
  command.add_option("--part", options.part, text(Help::erase_part))->required();
  command.add_option("--ground", options.ground, text(Help::erase_ground))->required();
  command.add_option("--key", options.key, text(Help::key))->required();
  command.add_option("--out", options.out, text(Help::erase_out));
}

Result<Place> place_from(const std::string& text) {
  const auto parts = split(text, '/');
  const auto leaf = parts.size() == 2 ? from_decimal(parts[0]) : std::nullopt;
  const auto event = parts.size() == 2 ? from_decimal(parts[1]) : std::nullopt;
  if (leaf && event && *event < limits::kBatchEventsMax)
    return Place{.leaf = *leaf, .event = static_cast<uint32_t>(*event)};
  return fail(Code::INVALID_FIELD, "an event is named as entry/event, such as 12/0", "place");
}

// Returns the digest itself, or that of the event's section with this label.
Result<Hash> digest_of(Connection& connection, Place place, const std::string& part) {
  if (const auto digest = fixed_from_base64<Hash>(part)) return *digest;
  SUYUAN_TRY(view, connection.event(place, false).value);
  const auto note = parse_batch_note(view.note);
  if (!note || view.state != PayloadState::open) {
    return fail(Code::NOT_FOUND, "you may not read the event: name the section's digest",
                "--part");
  }
  SUYUAN_TRY(value, decode_any_payload(note->batch.type, view.payload));
  const auto* event = std::get_if<TraceEvent>(&value);
  std::optional<Hash> found;
  for (size_t i = 0; event != nullptr && i < event->sections.size(); ++i) {
    if (event->sections[i].label != part) continue;
    if (found) return fail(Code::INVALID_FIELD, "two sections have this label", "--part");
    found = event->sections[i].digest;
  }
  if (found) return *found;
  return fail(Code::NOT_FOUND, "the event has no sealed section " + quote(part), "--part");
}

bool signed_with(const SignedNotice& notice, const NamedKeyPair& key) {
  const uint32_t id = key_id(key.name, key.pair.key);
  return std::ranges::any_of(notice.note.signatures, [&](const NoteSignature& line) {
    return line.name == key.name && line.key_id == id;
  });
}

Result<std::string> sign_and_keep(const std::string& path, std::string text,
                                  const NamedKeyPair& key) {
  SignedNote note;
  note.text = std::move(text);
  note.signatures.push_back(sign_note(note.text, key.name, key.pair.secret, key.pair.key));
  const std::string whole = write_note(note);
  SUYUAN_TRY_DONE(write_file(path, whole, FileMode::shared));
  return whole;
}

// Written before it is sent. If the answer is lost, sending the same note again returns the
// receipt; a new note would find nothing left to erase.
Result<std::string> note_to_send(const std::string& path, EraseNotice wanted,
                                 const NamedKeyPair& key) {
  if (file_exists(path)) {
    SUYUAN_TRY(text, read_file(path, limits::kNoteBytesMax));
    const auto parsed = parse_notice(text);
    const auto* there = parsed ? erasure_of(*parsed) : nullptr;
    if (there != nullptr) wanted.nonce = there->nonce;
    if (there != nullptr && *there == wanted) {
      if (signed_with(*parsed, key)) return text;
      // The key may no longer be in force, but only the text counts: if the ledger has it, the same
      // text under another signature gets its receipt.
      return sign_and_keep(path, parsed->note.text, key);
    }
    return fail(Code::INVALID_FIELD,
                path + " has another notice, without a receipt yet: send that one again "
                       "(the same options and key), or remove the file, or name another",
                "--out");
  }
  return sign_and_keep(path, write_erase_text(wanted), key);
}

ExitCode tell_erased(Shell& shell, const EraseOptions& options, const BatchReceipt& receipt,
                     const Hash& id) {
  if (!shell.options.json) {
    shell.print_line(shell.say(Say::erased_by, {std::to_string(receipt.leaf), options.place}));
    shell.print_line(shell.say(Say::erased_id, {to_hex(id.view())}));
    return ExitCode::ok;
  }
  JsonWriter out;
  out.begin_object();
  out.key("notice");
  out.number(receipt.leaf);
  out.field("id", to_hex(id.view()));
  out.end_object();
  shell.print_line(out.str());
  return ExitCode::ok;
}

// A refused notice that was never sent before is not in the ledger, and would be in the way of the
// right signer's. One that was kept may be in the ledger although it is refused now.
ExitCode fail_sent(Shell& shell, const std::string& path, bool kept_before, const Errors& errors) {
  std::error_code error;  // a file that stays is named when it is in the way
  if (!kept_before && info(errors.front().code).refusal)
    std::filesystem::remove(path, error);
  else
    shell.note(shell.say(Say::erase_note_kept, {path}));
  return shell.fail_answer(errors);
}

ExitCode run_erase(Shell& shell, const EraseOptions& options) {
  const auto place = place_from(options.place);
  if (!place) return shell.fail_local(place.error());
  const auto ground = erase_ground_from(options.ground);
  if (!ground) {
    return shell.fail_local({.code = Code::INVALID_FIELD,
                             .message = "found " + quote(options.ground) + ", expected one of "
                                        "purpose_ended, retention_ended, consent_withdrawn, "
                                        "recorded_in_error, unlawful, legal_order",
                             .field = "--ground"});
  }
  auto signing = shell.signing_with(options.key);
  if (!signing) return signing.error();
  auto& [ledger, key] = *signing;
  auto connection = shell.connect();
  if (!connection) return connection.error();
  const auto digest = digest_of(**connection, *place, options.part);
  if (!digest) return shell.fail_answer(digest.error());
  const std::string path =
      options.out.empty() ? "erase-" + std::to_string(place->leaf) + "-" +
                                std::to_string(place->event) + "-" +
                                to_hex(digest->view()).substr(0, 16) + ".note"
                          : options.out;
  const bool kept_before = file_exists(path);
  const auto text = note_to_send(path,
                                 {.ledger = ledger.id,
                                  .party = key.name,
                                  .leaf = place->leaf,
                                  .event = place->event,
                                  .section = *digest,
                                  .ground = *ground,
                                  .nonce = random_fixed<Nonce>()},
                                 key);
  if (!text) return shell.fail_local(text.error());
  const auto notice = parse_notice(*text);
  SUYUAN_CHECK(notice);  // it was made or read just now
  const auto answer = (*connection)->submit_notice(*text);
  if (!answer.outcome) return fail_sent(shell, path, kept_before, answer.outcome.error());
  const auto checked = check_answer(ledger, *text, *answer.outcome);
  if (!checked) return fail_receipt(shell, checked.error(), *text, *answer.outcome);
  const auto remembered = shell.receipts(ledger).add({answer.outcome->note});
  if (!remembered) return shell.fail_local(remembered.error());
  std::error_code error;  // a file that stays is sent again next time, which changes nothing
  std::filesystem::remove(path, error);
  return tell_erased(shell, options, *answer.outcome, notice_id(*notice));
}

}  // namespace

void add_erase(CLI::App& app, Shell& shell) {
  add_command<EraseOptions>(app, shell, "erase", Help::erase, declare_erase, run_erase);
}

}  // namespace suyuan
