#include "client/command/command.h"
#include "ledger/os/files.h"
#include "proto/json/answers_json.h"

namespace suyuan {
namespace {

struct StatusOptions {};

// Judges the node as every command does, and returns what to say of it. A node that cannot show a
// checkpoint yet, or is behind another, is shown all the same: its operator asks why. The reason is
// then only on standard error: with --json the status is the one document.
OrExit<Say> judge(const Shell& shell, Connection& connection, const Status& status) {
  if (shell.options.genesis.empty() && !file_exists(shell.genesis_path())) return Say::trust_none;
  const auto ledger = shell.pinned();
  if (!ledger) return Unexpected(ledger.error());
  const auto same = check_same_ledger(*ledger, status);
  if (!same) return Unexpected(shell.fail_verification(same.error()));
  const auto met = shell.try_meet(*ledger, connection);
  if (met) return Say::trust_same;
  const bool may_come = met.error().cause == MemoryCause::answer &&
                        !info(met.error().error.code).refusal;
  if (!may_come) return Unexpected(shell.fail_memory(met.error()));
  shell.note_answer({met.error().error});
  return Say::trust_unchecked;
}

std::string render_status(const AnswerHead& head, const Status& status, const PinnedLedger& ledger,
                          Say trust, const Style& style) {
  Paper paper(style);
  paper.labelled(Say::status_ledger, shown(ledger.id.origin), Tone::strong);
  paper.labelled(Say::status_fingerprint, fingerprint(ledger.id));
  paper.labelled(Say::status_log_key,
                 write_note_key({.name = ledger.genesis.origin,
                                 .type = NoteKeyType::ed25519,
                                 .key = ledger.genesis.log_key}));
  paper.labelled(Say::status_trust, paper.say(trust),
                 trust == Say::trust_same ? Tone::good : Tone::warning);
  paper.labelled(Say::status_node, shown(status.node + " " + status.version));
  paper.labelled(Say::status_entries, std::to_string(head.size));
  paper.labelled(Say::status_events, std::to_string(status.events));
  paper.labelled(Say::status_codes, std::to_string(status.chains));
  paper.labelled(Say::status_time, time_text(head.time_ms));
  const std::string published =
      status.published_size == 0
          ? std::string(paper.say(Say::status_unpublished))
          : paper.say(Say::status_published_at, {std::to_string(status.published_size),
                                                 time_text(status.published_time_ms)});
  paper.labelled(Say::status_published, published);
  paper.labelled(Say::status_queued, std::to_string(status.queued));
  if (!status.read_only.empty()) {
    paper.labelled(Say::status_read_only, shown(status.read_only), Tone::warning);
  }
  return paper.take();
}

ExitCode run_status(Shell& shell, const StatusOptions&) {
  const auto connection = Connection::open(shell.connection_options());
  if (!connection) return shell.fail_answer(connection.error());
  const auto answer = (*connection)->status();
  if (!answer.value) return shell.fail_answer(answer.value.error());
  const auto trust = judge(shell, **connection, *answer.value);
  if (!trust) return trust.error();
  const ExitCode code = *trust == Say::trust_unchecked ? ExitCode::unreachable : ExitCode::ok;
  if (shell.options.json) {
    shell.print_line(to_json(answer.head, *answer.value));
    return code;
  }
  const auto shown_ledger = pinned_from_leaf(answer.value->genesis_leaf);
  if (!shown_ledger) return shell.fail_verification(shown_ledger.error());
  shell.print(render_status(answer.head, *answer.value, *shown_ledger, *trust, shell.style()));
  return code;
}

}  // namespace

void add_status(CLI::App& app, Shell& shell) {
  add_command<StatusOptions>(
      app, shell, "status", Help::status, [](CLI::App&, StatusOptions&, const Shell&) {},
      run_status);
}

}  // namespace suyuan
