// Bundles of one ledger, each with the verdict that both verifiers must come to: frozen in a file
// of tests/vectors/bundles (SUYUAN_WRITE_VECTORS=1 writes it anew).
#pragma once

#include <map>
#include <string>
#include <vector>

#include "tests/support/proven_ledger.h"

namespace suyuan::testing {

struct NamedBundle {
  std::string name;
  Bundle bundle;
};

class FrozenCases {
 public:
  // Judged by the ledger's policy, a minute after its seal.
  FrozenCases(std::string file, std::string about, const ProvenLedger& ledger,
              std::vector<NamedBundle> cases);

  // The file has the cases byte for byte.
  void expect_frozen() const;
  // Of each the verdict's word, or the code of what is wrong; all of them are named.
  void expect_judged(const std::map<std::string, std::string>& expected) const;

 private:
  std::string text() const;

  std::string path_, about_, policy_;
  int64_t now_ms_;
  std::vector<NamedBundle> cases_;
};

}  // namespace suyuan::testing
