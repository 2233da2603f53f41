// suyuan: the command line of suppliers, registrars, inspectors and consumers.
#include <cstdio>

#include "client/command/command.h"
#include "ledger/os/passphrase.h"

int main(int argc, char** argv) {
  // The process holds keys and passphrases.
  if (const auto kept = suyuan::forbid_core_dumps(); !kept)
    std::fprintf(stderr, "suyuan: %s\n", suyuan::to_text(kept.error()).c_str());
  return suyuan::run_program(argc, argv);
}
