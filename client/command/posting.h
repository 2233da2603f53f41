// What the commands that post have in common: the run through the connection, and what is said at
// its end.
#pragma once

#include "client/command/command.h"
#include "client/post.h"
#include "ledger/registry/registry_event.h"

namespace suyuan {

// Until when a note may be taken: 30 days ahead (formats.md 3).
int64_t until_from_now();

// Sends all that the poster gives. ok; unreachable (the journal keeps what is open); unverified,
// with the evidence kept. Bad rows are the caller's to report.
ExitCode run_poster(Shell& shell, const PinnedLedger& ledger, Connection& connection,
                    Poster& poster, size_t in_flight, size_t rows);

// Who signs acts besides, each later on his own machine, and the file that goes to them; nobody:
// they are posted at once.
struct OtherSigners {
  std::vector<std::string> with = {};
  std::string out = {};
  void add_to(CLI::App& command, const Shell& shell);
};

// Signs acts as an authority and posts them, all of a batch or none; or, where others sign too,
// writes one batch for them. Says what was refused.
ExitCode post_acts(Shell& shell, const std::vector<RegistryEvent>& acts, const std::string& key,
                   size_t batch, const OtherSigners& others = {});

// The file goes to those whose signatures are missing.
ExitCode write_for_others(const Shell& shell, const std::string& path, const std::string& text,
                          const std::vector<std::string>& missing);

// Of a receipt that proves nothing: unverified, and it is kept as evidence with what it was given
// for, a batch's note or a notice.
ExitCode fail_receipt(const Shell& shell, const Error& why, const std::string& note,
                      const BatchReceipt& receipt);

// Posts what all have signed.
ExitCode post_signed(Shell& shell, const PinnedLedger& ledger, const Submission& submission);

}  // namespace suyuan
