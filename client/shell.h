// What every command shares: the program's options, the connection to the node, and how a command
// ends.
#pragma once

#include <memory>
#include <string>

#include "client/connection.h"
#include "client/keys.h"
#include "client/receipts.h"
#include "client/render/paper.h"
#include "client/trust.h"

namespace suyuan {

// docs/cli.md lists these for scripts: a number, once given, keeps its meaning.
enum class ExitCode : int {
  ok = 0,
  usage = 1,        // wrong command line, or a file of this machine
  refused = 2,      // the ledger refuses
  unreachable = 3,  // no answer, or the node cannot answer now; the same command may succeed later
  unverified = 4,   // the node's answer does not prove what it claims
  bad_rows = 5,     // some rows were not posted
  less_proven = 6,  // a bundle verifies, but proves less than was asked
};

template <class T>
using OrExit = Expected<T, ExitCode>;

struct ShellOptions {
  std::string node = "127.0.0.1:7400";
  std::string genesis;  // path of the pinned leaf; empty: profile_folder() + "/genesis.leaf"
  // path of the policy; empty: the one next to the pinned leaf, else only the log is trusted
  std::string policy;
  std::string ca;        // CA for https servers and TLS nodes; empty: the system's
  std::string tls_cert;  // our certificate and its key, for a node that asks for one
  std::string tls_key;
  std::string tls_name;  // name that the node's certificate must have; empty: the address's host
  bool json = false;
  std::string lang;
};

// The signing key, and the ledger it signs for.
struct Signing {
  PinnedLedger ledger;
  NamedKeyPair key;
};

class Shell {
 public:
  ShellOptions options;
  ExitCode exit = ExitCode::ok;
  mutable Passphrase passphrase;  // of encrypted key files
  Lang lang = Lang::en;

  Style style() const { return {.lang = lang, .view = view_of_stdout()}; }
  std::string_view say(Say what) const { return suyuan::say(what, lang); }
  std::string say(Say what, std::initializer_list<std::string_view> values) const {
    return suyuan::say(what, lang, values);
  }

  void print(std::string_view text) const;  // to standard output
  void print_line(std::string_view text) const;
  void note(std::string_view text) const;  // writes one line to standard error

  // Reports the error (as problem+json on standard output with --json) and returns the exit code.
  // Requires: `errors` is not empty.
  ExitCode fail_local(const Error& error) const;
  ExitCode fail_answer(const Errors& errors) const;
  ExitCode fail_answer(const Error& error) const { return fail_answer(Errors{error}); }
  // As fail_answer(), but only to standard error: the command prints something else.
  ExitCode note_answer(const Errors& errors) const;
  // Servers other than the node, which the messages name, did not answer.
  ExitCode fail_away(const Errors& errors) const;
  ExitCode fail_verification(const Error& error) const;

  std::string profile_folder() const;  // XDG_CONFIG_HOME/suyuan, else ~/.config/suyuan
  std::string genesis_path() const;
  OrExit<PinnedLedger> pinned() const;
  // Path of the policy of the pinned ledger: which witnesses a checkpoint needs.
  std::string policy_path() const;
  OrExit<Policy> policy(const PinnedLedger& ledger) const;
  ConnectionOptions connection_options() const;
  // Connects to the node. If a ledger is pinned, the node has shown a checkpoint of it that meets
  // the policy and extends the newest one this client has seen.
  OrExit<std::unique_ptr<Connection>> connect() const;
  // The check of connect() for a node whose genesis is the pinned one: it shows a checkpoint that
  // meets the policy, extends the newest one this client has seen, and breaks no receipt.
  // Returns `unreachable` if it has published nothing, or is behind another node.
  OrExit<Done> meet(const PinnedLedger& ledger, Connection& connection) const;
  // As meet(), without a report: fail_memory() makes one.
  MemoryResult<Done> try_meet(const PinnedLedger& ledger, Connection& connection) const;
  // What this client remembers of a ledger: the newest checkpoint, and the receipts that it does
  // not cover yet.
  Memory memory(const PinnedLedger& ledger) const;
  ReceiptMemory receipts(const PinnedLedger& ledger) const;
  // The largest tree this client knows: proofs are asked to cover it, and waited for.
  AtLeast newest_known() const;
  // Reports what is wrong, keeps the evidence if there is any, and returns the exit code.
  ExitCode fail_memory(const MemoryRefusal& refusal) const;
  OrExit<NamedKeyPair> key(const std::string& path) const;
  // Asks twice for the passphrase of a new key file. The caller wipes it. Errors: INVALID_FIELD (it
  // is empty, or the two differ), and those of read_passphrase.
  Result<std::string> new_passphrase() const;
  OrExit<Signing> signing_with(const std::string& key_path) const;

  static int64_t now_ms();

 private:
  void tell(const Errors& errors, std::string_view what) const;
  void note_each(const Errors& errors, std::string_view what) const;
  Result<Policy> read_policy(const PinnedLedger& ledger) const;
  MemoryResult<Done> meet_receipts(const PinnedLedger& ledger, const Policy& policy,
                                   const Memory& remembered, const Memory::Ask& ask) const;
};

}  // namespace suyuan
