#include "client/shell.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>

#include "client/behind.h"
#include "ledger/base/text.h"
#include "ledger/os/files.h"
#include "proto/json/submission_json.h"

namespace suyuan {
namespace {

std::string ledger_suffix(const PinnedLedger& ledger) {
  return to_hex(ledger.id.genesis.view()).substr(0, 16);
}

MemoryRefusal of_this_machine(const Error& error) {
  return {.error = error, .evidence = std::nullopt, .cause = MemoryCause::local};
}

}  // namespace

void Shell::print(std::string_view text) const { std::fwrite(text.data(), 1, text.size(), stdout); }

void Shell::print_line(std::string_view text) const {
  print(text);
  print("\n");
}

void Shell::note(std::string_view text) const {
  std::fprintf(stderr, "suyuan: %.*s\n", static_cast<int>(text.size()), text.data());
}

void Shell::tell(const Errors& errors, std::string_view what) const {
  if (options.json) print_line(write_problem_json(errors));
  note_each(errors, what);
}

void Shell::note_each(const Errors& errors, std::string_view what) const {
  for (const auto& error : errors) {
    std::string text = std::string(what) + ": " + shown(to_text(error));
    const bool repeated = lang == Lang::en;  // the message says it in English already
    if (!repeated) text += " — " + std::string(rule_name(error.code, lang));
    note(text);
  }
}

ExitCode Shell::fail_local(const Error& error) const {
  tell({error}, say(Say::error_fault));
  return ExitCode::usage;
}

ExitCode Shell::fail_answer(const Errors& errors) const {
  if (options.json) print_line(write_problem_json(errors));
  return note_answer(errors);
}

ExitCode Shell::note_answer(const Errors& errors) const {
  // Who asked too much may ask the same later.
  const Code code = errors.front().code;
  const bool refusal = info(code).refusal && code != Code::RATE_LIMITED;
  if (code == Code::UNAVAILABLE) {
    note(say(Say::error_unreachable, {options.node}));
  }
  note_each(errors, say(refusal ? Say::error_refused : Say::error_fault));
  return refusal ? ExitCode::refused : ExitCode::unreachable;
}

ExitCode Shell::fail_away(const Errors& errors) const {
  tell(errors, say(Say::error_fault));
  return ExitCode::unreachable;
}

ExitCode Shell::fail_verification(const Error& error) const {
  note(say(Say::error_verification));
  tell({error}, say(Say::error_fault));
  return ExitCode::unverified;
}

std::string Shell::profile_folder() const {
  if (const char* config = std::getenv("XDG_CONFIG_HOME"); config != nullptr && *config == '/') {
    return std::string(config) + "/suyuan";
  }
  const char* home = std::getenv("HOME");
  return std::string(home == nullptr ? "." : home) + "/.config/suyuan";
}

std::string Shell::genesis_path() const {
  return options.genesis.empty() ? profile_folder() + "/genesis.leaf" : options.genesis;
}

OrExit<PinnedLedger> Shell::pinned() const {
  auto pinned = load_pinned(genesis_path());
  if (!pinned) return Unexpected(fail_local(pinned.error()));
  return *std::move(pinned);
}

ConnectionOptions Shell::connection_options() const {
  const bool tls = options.node.starts_with("tls://");
  return {.node = options.node,
          .ca = tls ? options.ca : "",
          .cert = options.tls_cert,
          .key = options.tls_key,
          .tls_name = options.tls_name};
}

OrExit<std::unique_ptr<Connection>> Shell::connect() const {
  auto connection = Connection::open(connection_options());
  if (!connection) return Unexpected(fail_answer(connection.error()));
  // A named path must hold a ledger; the profile may be empty.
  if (options.genesis.empty() && !file_exists(genesis_path())) return *std::move(connection);
  auto ledger = pinned();
  if (!ledger) return Unexpected(ledger.error());
  const auto status = (*connection)->status();
  if (!status.value) return Unexpected(fail_answer(status.value.error()));
  auto same = check_same_ledger(*ledger, *status.value);
  if (!same) return Unexpected(fail_verification(same.error()));
  if (auto met = meet(*ledger, **connection); !met) return Unexpected(met.error());
  return *std::move(connection);
}

std::string Shell::policy_path() const {
  return options.policy.empty() ? profile_folder() + "/policy" : options.policy;
}

OrExit<Policy> Shell::policy(const PinnedLedger& ledger) const {
  auto policy = read_policy(ledger);
  if (!policy) return Unexpected(fail_local(policy.error()));
  return *std::move(policy);
}

Result<Policy> Shell::read_policy(const PinnedLedger& ledger) const {
  if (options.policy.empty() && !file_exists(policy_path())) {
    return policy_of_log(ledger.genesis.origin, ledger.genesis.log_key);
  }
  SUYUAN_TRY(text, read_file(policy_path(), limits::kPolicyBytesMax));
  auto policy = parse_policy(text);
  if (!policy) policy.error().message = policy_path() + ": " + policy.error().message;
  return policy;
}

OrExit<Done> Shell::meet(const PinnedLedger& ledger, Connection& connection) const {
  const auto met = try_meet(ledger, connection);
  if (!met) return Unexpected(fail_memory(met.error()));
  return Done{};
}

MemoryResult<Done> Shell::try_meet(const PinnedLedger& ledger, Connection& connection) const {
  auto trusted = read_policy(ledger);
  if (!trusted) return Unexpected(of_this_machine(trusted.error()));
  if (const auto made = make_folder(profile_folder()); !made) {
    return Unexpected(of_this_machine(made.error()));
  }
  const Memory remembered = memory(ledger);
  const auto before = remembered.read();
  if (!before) return Unexpected(of_this_machine(before.error()));
  // A node that was removed since may have given the newest checkpoint that we remember.
  Genesis with_all = ledger.genesis;
  with_all.nodes = ledger.all_signers();
  const Memory::Ask ask = ask_until_not_behind(
      [&connection](uint64_t old_size) { return connection.checkpoint(old_size); },
      {.before = *before, .genesis = with_all});
  const auto met = remembered.meet(*trusted, ask);
  if (!met) return Unexpected(met.error());
  return meet_receipts(ledger, *trusted, remembered, ask);
}

// Verifies earlier receipts: a checkpoint that covers a receipt's size must hold its tree.
MemoryResult<Done> Shell::meet_receipts(const PinnedLedger& ledger, const Policy& policy,
                                        const Memory& remembered, const Memory::Ask& ask) const {
  const ReceiptMemory promised = receipts(ledger);
  const auto notes = promised.read();
  if (!notes) return Unexpected(of_this_machine(notes.error()));
  ReceiptCheck check(remembered, policy, ask);
  std::vector<std::string> kept;
  for (const auto& note : *notes) {
    const auto found = check.check(note);
    if (!found) return Unexpected(found.error());
    if (*found == ReceiptCheck::Found::in_log) kept.push_back(note);
  }
  const auto forgotten = promised.forget(kept);
  if (!forgotten) return Unexpected(of_this_machine(forgotten.error()));
  return Done{};
}

Memory Shell::memory(const PinnedLedger& ledger) const {
  return Memory(profile_folder() + "/checkpoint-" + ledger_suffix(ledger));
}

ReceiptMemory Shell::receipts(const PinnedLedger& ledger) const {
  return ReceiptMemory(profile_folder() + "/receipts-" + ledger_suffix(ledger));
}

AtLeast Shell::newest_known() const {
  // covers a seal interval and the witnesses' time, with a margin
  constexpr uint32_t kProofWaitMs = 15'000;
  const auto ledger = load_pinned(genesis_path());
  if (!ledger) return {};
  const uint64_t seen = memory(*ledger).newest_size();
  return {.size = std::max(seen, receipts(*ledger).newest_size()), .wait_ms = kProofWaitMs};
}

ExitCode Shell::fail_memory(const MemoryRefusal& refusal) const {
  if (refusal.evidence) {
    const auto kept = keep_evidence_file(profile_folder() + "/evidence", *refusal.evidence);
    note(kept ? say(Say::error_evidence, {*kept}) : to_text(kept.error()));
  }
  switch (refusal.cause) {
    case MemoryCause::local:
      return fail_local(refusal.error);
    case MemoryCause::answer:
      return fail_answer(refusal.error);
    case MemoryCause::shown:
      break;
  }
  return fail_verification(refusal.error);
}

OrExit<NamedKeyPair> Shell::key(const std::string& path) const {
  auto key = load_key(path, [this](const std::string& file) {
    return passphrase.get(say(Say::passphrase_of, {file}));
  });
  if (!key) return Unexpected(fail_local(key.error()));
  return *std::move(key);
}

Result<std::string> Shell::new_passphrase() const {
  SUYUAN_TRY(first, passphrase.get(std::string(say(Say::passphrase_new))));
  auto again = passphrase.get(std::string(say(Say::passphrase_again)));
  const bool good = again && !first.empty() && first == *again;
  if (again) wipe(*again);
  if (good) return first;
  wipe(first);
  if (!again) return Unexpected(std::move(again).error());
  return fail(Code::INVALID_FIELD, std::string(say(Say::passphrase_differs)), "passphrase");
}

OrExit<Signing> Shell::signing_with(const std::string& key_path) const {
  SUYUAN_TRY(ledger, pinned());
  SUYUAN_TRY(pair, key(key_path));
  return Signing{.ledger = std::move(ledger), .key = std::move(pair)};
}

int64_t Shell::now_ms() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

}  // namespace suyuan
