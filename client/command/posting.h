// Shared code of the commands that post: sending over the connection, and reporting at the end.
#pragma once

#include "client/command/command.h"
#include "client/post.h"
#include "ledger/registry/registry_event.h"

namespace suyuan {

// Returns the expiry time of a note: 30 days ahead (formats.md 3).
int64_t until_from_now();

// Sends everything the poster gives. Returns ok, unreachable (the journal keeps what is open) or
// unverified (evidence is kept). The caller reports bad rows.
ExitCode run_poster(Shell& shell, const PinnedLedger& ledger, Connection& connection,
                    Poster& poster, size_t in_flight, size_t rows);

// The other signers of acts, each of whom signs later on their own machine, and the file that goes
// to them. If there are none, the acts are posted at once.
struct OtherSigners {
  std::vector<std::string> with = {};
  std::string out = {};
  void add_to(CLI::App& command, const Shell& shell);
};

// Signs acts as an authority and posts them; a batch is posted whole or not at all. With other
// signers it writes one batch for them instead. Reports what was refused.
ExitCode post_acts(Shell& shell, const std::vector<RegistryEvent>& acts, const std::string& key,
                   size_t batch, const OtherSigners& others = {});

// Writes acts to a file, which the registrar reads and approves, and reports where it is.
ExitCode write_request(const Shell& shell, const std::string& path,
                       const std::vector<RegistryEvent>& acts);

// Writes the file for those whose signatures are missing.
ExitCode write_for_others(const Shell& shell, const std::string& path, const std::string& text,
                          const std::vector<std::string>& missing);

// Handles a receipt that proves nothing: returns unverified, and keeps it as evidence together with
// what it was given for, a batch's note or a notice.
ExitCode fail_receipt(const Shell& shell, const Error& why, const std::string& note,
                      const BatchReceipt& receipt);

// Posts a batch that everyone has signed.
ExitCode post_signed(Shell& shell, const PinnedLedger& ledger, const Submission& submission);

}  // namespace suyuan
