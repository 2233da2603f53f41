// A ledger with every kind of act that a bundle can carry. Of the registry: each act, an
// authority's keys changed by a quorum, with and without that authority. Of statements: in Cap'n
// Proto and in EPCIS, with every field, with papers named by their hash, through a gateway, signed
// by several, declared wrong, with sealed sections, for partners alone. And notices that erase
// sections.
#pragma once

#include "tests/unit/proof/sealing_ledger.h"

namespace suyuan::testing {

inline constexpr const char* kActingSite = "urn:suyuan:site:9521104000006";

class ActingLedger : public NoticeLedger {
 public:
  ActingLedger();

 private:
  void take(VerifiedBatch batch);
  void act_by(const Words& with, const std::vector<RegistryEvent>& acts);
  void register_all();
  void change_authorities_keys();
  void state_all();
  void state_in_epcis();

  uint32_t registrars_key_ = 0;
};

const ActingLedger& acting_ledger();

}  // namespace suyuan::testing
