#include "client/command/posting.h"

#include <algorithm>

#include "client/acts.h"
#include "ledger/os/files.h"
#include "proto/jsontext/writer.h"

namespace suyuan {

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
  // Also where posting failed: what was promised is promised.
  const auto remembered = shell.receipts(ledger).add(receipts);
  if (!remembered) return shell.fail_local(remembered.error());
  if (const auto& bad = poster.report().bad_receipt) {
    return shell.fail_memory(
        {.error = bad->why,
         .evidence = Evidence{.kind = EvidenceKind::answer,
                              .older = bad->note,
                              .newer = bad->receipt.note,
                              .path = bad->receipt.path,
                              .leaf = bad->receipt.leaf,
                              .time_ms = static_cast<uint64_t>(
                                  std::max<int64_t>(bad->receipt.time_ms, 0))}});
  }
  if (const auto& failed = poster.report().failed) return shell.fail_answer(*failed);
  if (!sent) return shell.fail_answer(sent.error());
  return ExitCode::ok;
}

ExitCode post_acts(Shell& shell, const std::vector<RegistryEvent>& acts,
                   const std::string& key_path, size_t batch) {
  auto ledger = shell.pinned();
  if (!ledger) return ledger.error();
  auto key = shell.key(key_path);
  if (!key) return key.error();
  Errors errors = check_possessions(ledger->id, acts);
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
  auto connection = shell.connect();
  if (!connection) return connection.error();
  const auto journal = Journal::none();
  Poster poster({.ledger = *ledger,
                 .signer = signer_of(*key),
                 .journal = *journal,
                 .rules = {.type = PayloadType::registry_capnp,
                           .batch = batch,
                           .strict = true,
                           .until_ms = until_from_now()},
                 .nonces = random_fixed<Nonce>},
                std::move(rows));
  // One at a time: later acts name what earlier ones register.
  const ExitCode code = run_poster(shell, *ledger, **connection, poster, 1, acts.size());
  if (code != ExitCode::ok) return code;
  const auto& report = poster.report();
  for (const auto& fault : report.faults) {
    Error error = fault.error;  // Rows count from 1, errors' events from 0, over the whole file.
    error.event = fault.row == 0 ? -1 : static_cast<int32_t>(fault.row) - 1;
    errors.push_back(std::move(error));
  }
  if (!errors.empty()) return shell.fail_answer(errors);
  const std::string posted = std::to_string(report.posted);
  const std::string size = std::to_string(report.size);
  if (shell.options.json) {
    JsonWriter out;
    out.begin_object();
    out.key("posted");
    out.number(uint64_t{report.posted});
    out.key("size");
    out.number(report.size);
    out.end_object();
    shell.print_line(out.str());
  } else {
    shell.print_line(shell.say(Say::acts_posted, {posted, size}));
  }
  return ExitCode::ok;
}

}  // namespace suyuan
