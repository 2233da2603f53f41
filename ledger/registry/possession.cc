#include "ledger/registry/possession.h"

#include "ledger/base/text.h"

namespace suyuan {

std::string possession_text(const LedgerId& ledger, std::string_view party, const PublicKey& key) {
  std::string text = "suyuan/key/v1\nledger " + ledger.line() + "\nparty ";
  text.append(party).append("\nkey ").append(to_base64(key.view())).append("\n");
  return text;
}

KeyEntry prove_possession(const LedgerId& ledger, std::string_view party, const SecretKey& secret,
                          const PublicKey& key) {
  return {.key = key, .possession = sign(secret, possession_text(ledger, party, key))};
}

Result<Done> check_possession(const LedgerId& ledger, std::string_view party,
                              const KeyEntry& entry) {
  const std::string shown = to_base64(entry.key.view());
  if (!is_prime_order_point(entry.key)) {
    return fail(Code::KEY_WEAK,
                shown + " is not a canonical point of prime order; make a new key", "key");
  }
  if (!verify(entry.key, possession_text(ledger, party, entry.key), entry.possession)) {
    return fail(Code::POSSESSION_INVALID,
                "the signature is not of " + shown + " over suyuan/key/v1 with ledger " +
                    quote(ledger.origin) + " and party " + quote(party) +
                    "; let the key's holder make the request again for this ledger and party",
                "possession");
  }
  return Done{};
}

}  // namespace suyuan
