#include "client/command/posting.h"
#include "client/journal.h"
#include "client/on_nodes.h"
#include "ledger/base/text.h"
#include "ledger/batch/notice.h"
#include "proto/json/answers_json.h"
#include "proto/jsontext/writer.h"

namespace suyuan {
namespace {

struct ReceiptOptions {
  std::string id;
  std::string journal;
};

void declare_receipt(CLI::App& command, ReceiptOptions& options, const Shell& shell) {
  auto* id = command.add_option("id", options.id, help(Help::receipt_id, shell.lang));
  command.add_option("--journal", options.journal, help(Help::receipt_journal, shell.lang))
      ->excludes(id);
}

std::optional<Hash> parse_batch_id(std::string_view text) {
  if (const auto hex = fixed_from_hex<Hash>(text)) return hex;
  return fixed_from_base64<Hash>(text);
}

Result<Hash> id_of(const std::string& note) {
  if (kind_of_note(note) == LeafKind::notice) {
    SUYUAN_TRY(notice, parse_notice(note));
    return notice_id(notice);
  }
  SUYUAN_TRY(batch, parse_batch_note(note));
  return batch_id(batch.note.text);
}

// Verifies that the receipt proves the leaf, and that the leaf's note is the requested batch.
// Returns the nodes that are proven to have it, whatever the answer claims.
Result<OnNodes> check_fetched(const PinnedLedger& ledger, const Hash& id,
                              const BatchReceipt& receipt, const std::string& note) {
  SUYUAN_TRY(shown, id_of(note));
  if (shown != id) {
    return fail(Code::ROOT_MISMATCH, "the node shows another batch at the receipt's entry");
  }
  return proven_nodes(ledger, note, receipt);
}

// A notice is in its leaf only, without events.
Answer<EventView> note_at(Connection& connection, uint64_t leaf) {
  auto first = connection.event({.leaf = leaf, .event = 0}, false);
  if (first.value || first.value.error().code != Code::NOT_FOUND) return first;
  return connection.event({.leaf = leaf, .event = kNoticeEvent}, false);
}

// Verifies all receipts of a journal against today's log. Their signatures were verified when they
// came.
ExitCode check_journal(Shell& shell, const std::string& path) {
  auto ledger = shell.pinned();
  if (!ledger) return ledger.error();
  const auto notes = receipts_in_journal(path, ledger->id);
  if (!notes) return shell.fail_local(notes.error());
  const auto policy = shell.policy(*ledger);
  if (!policy) return policy.error();
  auto connection = shell.connect();
  if (!connection) return connection.error();
  const Memory::Ask ask = [&connection](uint64_t old_size) {
    return (*connection)->checkpoint(old_size);
  };
  const Memory memory = shell.memory(*ledger);
  ReceiptCheck check(memory, *policy, ask);
  size_t in_log = 0;
  for (const auto& note : *notes) {
    const auto found = check.check(note);
    if (!found) return shell.fail_memory(found.error());
    if (*found == ReceiptCheck::Found::in_log) ++in_log;
  }
  const size_t waiting = notes->size() - in_log;
  if (shell.options.json) {
    JsonWriter out;
    out.begin_object();
    out.key("receipts");
    out.number(uint64_t{notes->size()});
    out.key("inLog");
    out.number(uint64_t{in_log});
    out.key("waiting");
    out.number(uint64_t{waiting});
    out.end_object();
    shell.print_line(out.str());
    return ExitCode::ok;
  }
  shell.print_line(shell.say(Say::receipts_ok,
                             {std::to_string(notes->size()), std::to_string(in_log),
                              std::to_string(waiting)}));
  return ExitCode::ok;
}

ExitCode run_receipt(Shell& shell, const ReceiptOptions& options) {
  if (!options.journal.empty()) return check_journal(shell, options.journal);
  const auto id = parse_batch_id(options.id);
  if (!id) {
    return shell.fail_local(
        {.code = Code::INVALID_FIELD, .message = shell.say(Say::error_hash, {quote(options.id)})});
  }
  auto ledger = shell.pinned();
  if (!ledger) return ledger.error();
  auto connection = shell.connect();
  if (!connection) return connection.error();
  auto answer = (*connection)->receipt(*id);
  if (!answer.value) return shell.fail_answer(answer.value.error());
  const auto first = note_at(**connection, answer.value->leaf);
  if (!first.value) return shell.fail_answer(first.value.error());
  const auto on = check_fetched(*ledger, *id, *answer.value, first.value->note);
  if (!on) return fail_receipt(shell, on.error(), first.value->note, *answer.value);
  const size_t of = ledger->genesis.nodes.size();
  answer.value->held.nodes = on->nodes;
  answer.value->held.of = static_cast<uint32_t>(of);
  if (shell.options.json) {
    shell.print_line(to_json(answer.head, *answer.value));
    return ExitCode::ok;
  }
  shell.print_line(shell.say(
      Say::receipt_ok, {std::to_string(answer.value->leaf), time_text(answer.value->time_ms)}));
  shell.print_line(
      shell.say(Say::receipt_nodes, {std::to_string(on->nodes.size()), std::to_string(of),
                                     list_text(on->nodes, on->nodes.size(), shell.lang)}));
  shell.print(answer.value->note);
  return ExitCode::ok;
}

}  // namespace

void add_receipt(CLI::App& app, Shell& shell) {
  add_command<ReceiptOptions>(app, shell, "receipt", Help::receipt, declare_receipt, run_receipt);
}

}  // namespace suyuan
