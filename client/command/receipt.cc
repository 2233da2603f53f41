#include "client/command/command.h"
#include "ledger/base/text.h"
#include "proto/json/answers_json.h"

namespace suyuan {
namespace {

struct ReceiptOptions {
  std::string id;
};

void declare_receipt(CLI::App& command, ReceiptOptions& options, const Shell& shell) {
  command.add_option("id", options.id, help(Help::receipt_id, shell.lang))->required();
}

std::optional<Hash> parse_batch_id(std::string_view text) {
  if (const auto hex = fixed_from_hex<Hash>(text)) return hex;
  return fixed_from_base64<Hash>(text);
}

// The receipt proves the leaf, and the leaf's note must be the batch that was asked for.
Result<Done> check_fetched(const PinnedLedger& ledger, const Hash& id, const BatchReceipt& receipt,
                           const std::string& note) {
  const auto parsed = parse_batch_note(note);
  if (!parsed) return Unexpected(parsed.error());
  if (batch_id(parsed->note.text) != id) {
    return fail(Code::ROOT_MISMATCH, "the node shows another batch at the receipt's entry");
  }
  return check_answer(ledger, note, receipt);
}

ExitCode run_receipt(Shell& shell, const ReceiptOptions& options) {
  const auto id = parse_batch_id(options.id);
  if (!id) {
    return shell.fail_local(
        {.code = Code::INVALID_FIELD, .message = shell.say(Say::error_hash, {quote(options.id)})});
  }
  auto ledger = shell.pinned();
  if (!ledger) return ledger.error();
  auto connection = shell.connect();
  if (!connection) return connection.error();
  const auto answer = (*connection)->receipt(*id);
  if (!answer.value) return shell.fail_answer(answer.value.error());
  const auto first = (*connection)->event({.leaf = answer.value->leaf, .event = 0}, false);
  if (!first.value) return shell.fail_answer(first.value.error());
  const auto good = check_fetched(*ledger, *id, *answer.value, first.value->note);
  if (!good) return shell.fail_verification(good.error());
  if (shell.options.json) {
    shell.print_line(to_json(answer.head, *answer.value));
    return ExitCode::ok;
  }
  shell.print_line(shell.say(
      Say::receipt_ok, {std::to_string(answer.value->leaf), time_text(answer.value->time_ms)}));
  shell.print(answer.value->note);
  return ExitCode::ok;
}

}  // namespace

void add_receipt(CLI::App& app, Shell& shell) {
  add_command<ReceiptOptions>(app, shell, "receipt", Help::receipt, declare_receipt, run_receipt);
}

}  // namespace suyuan
