#include "client/command/posting.h"

#include <algorithm>

#include "client/acts.h"
#include "ledger/batch/unfinished_note.h"
#include "ledger/os/files.h"
#include "proto/json/fields.h"
#include "proto/json/submission_json.h"

namespace suyuan {
namespace {

void say_posted(const Shell& shell, uint64_t posted, uint64_t size) {
  if (!shell.options.json) {
    shell.print_line(
        shell.say(Say::acts_posted, {std::to_string(posted), std::to_string(size)}));
    return;
  }
  JsonWriter out;
  out.begin_object();
  number_field(out, "posted", posted);
  number_field(out, "size", size);
  out.end_object();
  shell.print_line(out.str());
}

// Writes one whole batch with the first signature line.
ExitCode hand_on(const Shell& shell, const LedgerId& ledger, const NamedKeyPair& key,
                 std::vector<PostRow> rows, const OtherSigners& others) {
  BatchDraft draft{.ledger = ledger,
                   .type = PayloadType::registry_capnp,
                   .events = {},
                   .until_ms = static_cast<uint64_t>(until_from_now()),
                   .nonce = random_fixed<Nonce>()};
  auto with = others.with;
  std::ranges::sort(with);
  const auto is_signer = [&](const std::string& id) { return id == key.name; };
  if (std::ranges::adjacent_find(with) != with.end() ||
      std::ranges::any_of(with, is_signer) ||
      !std::ranges::all_of(with, is_party_id)) {
    return shell.fail_local({.code = Code::INVALID_FIELD,
                             .message = "each --with must be the party id of a different authority",
                             .field = "--with"});
  }
  for (auto& row : rows) draft.events.push_back(std::move(row.sealed.event));
  auto submission = begin_batch(std::move(draft), signer_of(key), with);
  if (!submission) return shell.fail_local(submission.error());
  const std::string path = others.out.empty() ? key.name + ".unfinished.json" : others.out;
  return write_for_others(shell, path, write_submission_json(*submission) + "\n", with);
}

}  // namespace

ExitCode fail_receipt(const Shell& shell, const Error& why, const std::string& note,
                      const BatchReceipt& receipt) {
  return shell.fail_memory(
      {.error = why,
       .evidence = Evidence{
           .kind = EvidenceKind::answer,
           .older = note,
           .newer = receipt.note,
           .path = receipt.path,
           .leaf = receipt.leaf,
           .time_ms = static_cast<uint64_t>(std::max<int64_t>(receipt.time_ms, 0))}});
}

void OtherSigners::add_to(CLI::App& command, const Shell& shell) {
  auto* option = command.add_option("--with", with, help(Help::approve_with, shell.lang));
  command.add_option("--out", out, help(Help::out, shell.lang))->needs(option);
}

int64_t until_from_now() {
  constexpr int64_t kThirtyDaysMs = int64_t{30} * 24 * 60 * 60 * 1000;
  return Shell::now_ms() + kThirtyDaysMs;
}

ExitCode run_poster(Shell& shell, const PinnedLedger& ledger, Connection& connection,
                    Poster& poster, size_t in_flight, size_t rows) {
  ProgressBar bar(shell.say(Say::post_label), rows);
  const auto sent = connection.submit_many({.next = [&] { return poster.next(); },
                                            .done =
                                                [&](const Outgoing& out, SubmitAnswer answer) {
                                                  const auto again =
                                                      poster.done(out, std::move(answer));
                                                  bar.at(poster.settled());
                                                  return again;
                                                }},
                                           in_flight);
  bar.clear();
  std::vector<std::string> receipts;
  for (const auto& [size, note] : poster.report().receipts) receipts.push_back(note);
  // Even if posting failed: receipts already given remain binding.
  const auto remembered = shell.receipts(ledger).add(receipts);
  if (!remembered) return shell.fail_local(remembered.error());
  if (const auto& bad = poster.report().bad_receipt)
    return fail_receipt(shell, bad->why, bad->note, bad->receipt);
  if (const auto& failed = poster.report().failed) return shell.fail_answer(*failed);
  if (!sent) return shell.fail_answer(sent.error());
  return ExitCode::ok;
}

ExitCode post_acts(Shell& shell, const std::vector<RegistryEvent>& acts,
                   const std::string& key_path, size_t batch, const OtherSigners& others) {
  auto signing = shell.signing_with(key_path);
  if (!signing) return signing.error();
  auto& [ledger, key] = *signing;
  Errors errors = check_possessions(ledger.id, acts);
  std::vector<PostRow> rows;
  for (size_t i = 0; i < acts.size(); ++i) {
    auto sealed = seal_act(acts[i], random_salt);
    if (sealed) {
      rows.push_back({.row = i + 1, .sealed = *std::move(sealed)});
    } else {
      for (auto& error : sealed.error()) errors.push_back(at_event(error, i));
    }
  }
  if (!errors.empty()) return shell.fail_answer(errors);
  if (!others.with.empty()) return hand_on(shell, ledger.id, key, std::move(rows), others);
  auto connection = shell.connect();
  if (!connection) return connection.error();
  const auto journal = Journal::none();
  Poster poster({.ledger = ledger,
                 .signer = signer_of(key),
                 .journal = *journal,
                 .rules = {.type = PayloadType::registry_capnp,
                           .batch = batch,
                           .strict = true,
                           .until_ms = until_from_now()},
                 .nonces = random_fixed<Nonce>},
                std::move(rows));
  // One at a time, because later acts name what earlier ones register.
  const ExitCode code = run_poster(shell, ledger, **connection, poster, 1, acts.size());
  if (code != ExitCode::ok) return code;
  const auto& report = poster.report();
  for (const auto& fault : report.faults) {
    Error error = fault.error;  // rows count from 1, errors' events from 0, over the whole file
    error.event = fault.row == 0 ? -1 : static_cast<int32_t>(fault.row) - 1;
    errors.push_back(std::move(error));
  }
  if (!errors.empty()) return shell.fail_answer(errors);
  say_posted(shell, report.posted, report.size);
  return ExitCode::ok;
}

ExitCode write_request(const Shell& shell, const std::string& path,
                       const std::vector<RegistryEvent>& acts) {
  if (auto written = write_file(path, write_acts(acts), FileMode::shared); !written)
    return shell.fail_local(written.error());
  if (!shell.options.json) {
    shell.print_line(shell.say(Say::request_written, {path}));
    return ExitCode::ok;
  }
  JsonWriter out;
  out.begin_object();
  out.field("path", path);
  number_field(out, "acts", acts.size());
  out.end_object();
  shell.print_line(out.str());
  return ExitCode::ok;
}

ExitCode write_for_others(const Shell& shell, const std::string& path, const std::string& text,
                          const std::vector<std::string>& missing) {
  if (auto written = write_file(path, text, FileMode::shared); !written)
    return shell.fail_local(written.error());
  if (!shell.options.json) {
    shell.print_line(shell.say(Say::unfinished_written,
                               {path, list_text(missing, missing.size(), shell.lang)}));
    return ExitCode::ok;
  }
  JsonWriter out;
  out.begin_object();
  out.field("path", path);
  out.field("missing", missing);
  out.end_object();
  shell.print_line(out.str());
  return ExitCode::ok;
}

ExitCode post_signed(Shell& shell, const PinnedLedger& ledger, const Submission& submission) {
  auto connection = shell.connect();
  if (!connection) return connection.error();
  const auto answer = (*connection)->submit(submission);
  if (!answer.outcome) return shell.fail_answer(answer.outcome.error());
  const BatchReceipt& receipt = *answer.outcome;
  const auto good = check_answer(ledger, submission.note, receipt);
  if (!good) return fail_receipt(shell, good.error(), submission.note, receipt);
  if (const auto kept = shell.receipts(ledger).add({receipt.note}); !kept)
    return shell.fail_local(kept.error());
  say_posted(shell, submission.events.size(), receipt.leaf + 1);
  return ExitCode::ok;
}

}  // namespace suyuan
