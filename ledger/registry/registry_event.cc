#include "ledger/registry/registry_event.h"

#include <array>

#include "ledger/base/check.h"

namespace suyuan {
namespace {

// In the order of Role.
constexpr std::array<std::string_view, 15> kRoleWords = {
    "authority", "producer", "supplier", "manufacturer",       "lab",
    "competent_authority",   "logistics", "customs", "market_supervision", "agent",
    "seller",    "platform", "payment",  "recall_agent",       "system_operator"};
static_assert(static_cast<size_t>(Role::system_operator) + 1 == kRoleWords.size());

struct Concerns {
  std::string party(std::string_view id) const { return "urn:suyuan:party:" + std::string(id); }

  std::string operator()(const RegisterParty& act) const { return party(act.party.id); }
  std::string operator()(const AmendParty& act) const { return party(act.party.id); }
  std::string operator()(const AddKey& act) const { return party(act.party); }
  std::string operator()(const RevokeKey& act) const { return party(act.party); }
  std::string operator()(const GrantDelegation& act) const { return party(act.party); }
  std::string operator()(const EndDelegation& act) const { return party(act.party); }
  std::string operator()(const RegisterProduct& act) const { return product(act.product); }
  std::string operator()(const AmendProduct& act) const { return product(act.product); }
  std::string operator()(const RegisterSite& act) const { return site(act.site); }
  std::string operator()(const AmendSite& act) const { return site(act.site); }

 private:
  static std::string product(const ProductData& data) { return "urn:suyuan:product:" + data.gtin; }
  static std::string site(const SiteData& data) { return "urn:suyuan:site:" + data.gln; }
};

}  // namespace

std::string_view word(Role role) {
  const auto index = static_cast<size_t>(role);
  SUYUAN_CHECK(index < kRoleWords.size());
  return kRoleWords[index];
}

std::optional<Role> role_from(std::string_view text) {
  for (size_t i = 0; i < kRoleWords.size(); ++i) {
    if (kRoleWords[i] == text) return static_cast<Role>(i);
  }
  return std::nullopt;
}

std::string code_of(const RegistryEvent& event) { return std::visit(Concerns{}, event); }

}  // namespace suyuan
