// Where a key file's passphrase comes from. Never the command line: every user of the machine can
// read that.
#pragma once

#include <string>

#include "ledger/base/error.h"

namespace suyuan {

struct PassphraseSource {
  std::string file = {};  // mode 0600; its first line
  int descriptor = -1;    // open for reading; its first line. -1: none
  bool is_given() const { return !file.empty() || descriptor >= 0; }
};

inline constexpr size_t kPassphraseBytesMax = 1024;

// Returns the passphrase from the source, else from the terminal without echo, under `prompt`. The
// caller wipes it. A descriptor is read once, to its end.
// Errors: INVALID_FIELD (empty or too long), NOT_FOUND, IO (no such file, others may read it, no
// terminal).
Result<std::string> read_passphrase(const PassphraseSource& source, const std::string& prompt);

// Forbids core dumps, and access to the process's memory by anyone but root (prctl(2),
// PR_SET_DUMPABLE). Errors: IO (the system refuses).
Result<Done> forbid_core_dumps();

}  // namespace suyuan
