// Registry acts that are refused: who signs, who exists, what proves a key.
#include <thread>

#include "ledger/registry/possession.h"
#include "proto/json/submission_json.h"
#include "tests/e2e/refusal_rows.h"
#include "tests/e2e/two_authorities.h"

namespace suyuan::test {
namespace {

using Make = std::function<RegistryEvent(SmallLedger&)>;

// A batch of the registrar: a good act, then one that is refused; so the refusal must name event 1.
Row act_row(std::string name, Code code, std::string field, Make make) {
  return {.name = std::move(name),
          .code = code,
          .event = 1,
          .field = std::move(field),
          .submission = [make = std::move(make)](SmallLedger& ledger) {
            return ledger.acts("registrar",
                               {registered_party("newcomer", Role::seller, {}), make(ledger)});
          }};
}

RegistryEvent with_weak_key(SmallLedger& ledger) {
  auto entry = ledger.key_entry("a", "party-a");
  entry.key = {};  // a point of order four
  return registered_party("party-a", Role::seller, {entry});
}

Submission act_by_a_farm(SmallLedger& ledger) {
  return ledger.acts("farm", {registered_party("party-b", Role::seller, {})});
}

// On a ledger of its own: the others' has one authority.
Row key_by_one_of_two_authorities() {
  const auto alone = [](const TwoAuthorities& two) {
    return two.acts({AddKey{.party = "samr", .key = two.new_key("samr", 'x')}}, "samr");
  };
  return {.name = "an authority's key that one of two authorities adds",
          .code = Code::NOT_AUTHORITY,
          .event = 0,
          .field = "with",
          .rpc =
              [alone](SmallLedger&) {
                TwoAuthorities two;
                Heard heard;
                std::thread([&] {  // KJ has one event loop for each thread
                  const auto rpc = Connection::open({.node = two.running().rpc_address()});
                  const auto answer = (*rpc)->submit(alone(two));
                  if (!answer.outcome) heard.errors = answer.outcome.error();
                }).join();
                return heard;
              },
          .http = [alone](SmallLedger&) {
            TwoAuthorities two;
            HttpClient http(two.running().http_port());
            return heard_over_http(
                http.post("/v1/batches", write_submission_json(alone(two))));
          }};
}

}  // namespace

std::vector<Row> registry_rows() {
  return {
      {.name = "an act that a farm signs",
       .code = Code::NOT_AUTHORITY,
       .submission = act_by_a_farm},
      key_by_one_of_two_authorities(),
      act_row("a party id in use", Code::PARTY_EXISTS, "party.id",
              [](SmallLedger&) { return registered_party("farm", Role::seller, {}); }),
      act_row("a party id that is reserved", Code::PARTY_ID_SYNTAX, "party.id",
              [](SmallLedger&) { return registered_party("consumer", Role::seller, {}); }),
      act_row("a party without a name", Code::MISSING_FIELD, "party.name",
              [](SmallLedger&) {
                return RegisterParty{.party = {.id = "x", .name = "", .roles = {Role::seller}},
                                     .keys = {}};
              }),
      act_row("a key of another party", Code::KEY_EXISTS, "keys[0]",
              [](SmallLedger& ledger) {
                return registered_party("party-c", Role::seller,
                                        {ledger.key_entry("farm", "party-c")});
              }),
      act_row("a key that is no point of prime order", Code::KEY_WEAK, "keys[0].key",
              with_weak_key),
      act_row("a proof of possession for another party", Code::POSSESSION_INVALID,
              "keys[0].possession",
              [](SmallLedger& ledger) {
                return registered_party("party-d", Role::seller, {ledger.key_entry("d", "other")});
              }),
      act_row("a key revoked twice", Code::KEY_NOT_IN_FORCE, "key",
              [](SmallLedger& ledger) {
                return RevokeKey{.party = "retired", .key = ledger.key("retired").pair.key};
              }),
      act_row("a key that the party has not", Code::KEY_UNKNOWN, "key",
              [](SmallLedger& ledger) {
                return RevokeKey{.party = "farm", .key = ledger.key("maker").pair.key};
              }),
      act_row("a delegation that nobody gave", Code::DELEGATION_MISSING, "signer",
              [](SmallLedger&) { return EndDelegation{.party = "farm", .signer = "gateway"}; }),
      act_row("a product of an unknown party", Code::PARTY_UNKNOWN, "product.owner",
              [](SmallLedger&) {
                return RegisterProduct{
                    {.gtin = "09521102100012", .name = "Milk", .owner = "nobody"}};
              }),
      act_row("a product that is registered", Code::PRODUCT_EXISTS, "product.gtin",
              [](SmallLedger&) {
                return RegisterProduct{{.gtin = kMilk, .name = "Milk", .owner = "maker"}};
              }),
      act_row("a product with a wrong check digit", Code::CODE_CHECK_DIGIT, "product.gtin",
              [](SmallLedger&) {
                return RegisterProduct{{.gtin = "09521102100013", .name = "Milk", .owner = "farm"}};
              }),
      act_row("a change to a product that is not registered", Code::NOT_FOUND, "product.gtin",
              [](SmallLedger&) {
                return AmendProduct{{.gtin = "09521102100012", .name = "Milk", .owner = "farm"}};
              }),
      act_row("a site that is registered", Code::SITE_EXISTS, "site.gln",
              [](SmallLedger&) {
                return RegisterSite{{.gln = kGln, .party = "maker", .name = "Works"}};
              }),
  };
}

}  // namespace suyuan::test
