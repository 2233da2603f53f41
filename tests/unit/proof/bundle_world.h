// The ledger that the tests of bundles share: small, with one of everything. A farm's gateway, a
// lot that went into another, cans of it, a case on a pallet, an order with its payment, a key that
// was replaced and a withheld event.
#pragma once

#include <gtest/gtest.h>

#include "proto/epcis/epcis.h"
#include "proto/epcis/write.h"
#include "proto/json/bundle_json.h"
#include "proto/submission_codec.h"
#include "tests/support/forge.h"
#include "tests/support/vectors.h"

namespace suyuan::testing {

inline constexpr const char* kMilkLot = "lot:09521104300014:P1";
inline constexpr const char* kCanLot = "lot:09521104301011:L1";
inline constexpr const char* kFirstCan = "sgtin:09521104301011:S1";
inline constexpr const char* kOtherCan = "sgtin:09521104301011:S2";
inline constexpr const char* kCase = "sscc:395211040000010013";
inline constexpr const char* kPalletOfCase = "sscc:395211040000010020";
inline constexpr const char* kOrder = "order:A7";

inline void fill(ProvenLedger& ledger) {
  ledger.clock("2026-06-02T00:00:00Z");
  ledger.party("maker", {Role::manufacturer});
  ledger.party("carrier", {Role::logistics});
  ledger.act(RegisterParty{{.id = "farm", .name = "Farm", .roles = {Role::producer}}, {}});
  ledger.act(GrantDelegation{.party = "farm", .signer = "carrier"});
  ledger.product("09521104301011", "maker");
  ledger.product("09521104300014", "farm");
  const LedgerBuilder::BatchOptions through_carrier{.signer = "carrier"};
  TraceEvent milk = commission("01:00", {std::string(kMilkLot) + " 500 KGM"});
  milk.kind = Kind::origin;
  ledger.apply_one(ledger.batch("farm", {milk, observe("01:30", "storing", {kMilkLot})},
                                through_carrier));
  ledger.apply_one(ledger.batch(
      "farm", {hand(observe("02:00", "shipping", {kMilkLot}), {"farm"}, "maker")},
      through_carrier));
  ledger.accept("maker", transform("03:00", {std::string(kMilkLot) + " 100 KGM"},
                                   {std::string(kCanLot) + " 100 KGM"}));
  ledger.accept("maker", std::vector{commission("04:00", {kFirstCan}, kCanLot),
                                     commission("04:00", {kOtherCan}, kCanLot),
                                     pack("05:00", kCase, {kFirstCan, kOtherCan})});
  ledger.act(AddKey{.party = "maker", .key = ledger.possession("maker", 1)});
  ledger.act(RevokeKey{.party = "maker", .key = ledger.keys("maker").key});
  const LedgerBuilder::BatchOptions new_key{.key = 1};
  ledger.apply_one(ledger.batch("maker", {pack("06:00", kPalletOfCase, {kCase})}, new_key));
  ledger.apply_one(ledger.batch(
      "maker", {hand(observe("07:00", "shipping", {kPalletOfCase}), {"maker"}, "carrier")},
      new_key));
  ledger.accept("carrier", unpack("08:00", kCase, {kOtherCan}));
  ledger.accept("carrier", observe("09:00", "delivering", {kFirstCan}));
}

inline const ProvenLedger& small_ledger() {
  static const auto* kLedger = [] {
    auto* ledger = new ProvenLedger();
    fill(*ledger);
    ledger->seal();
    return ledger;
  }();
  return *kLedger;
}

// The same statements as EPCIS documents.
inline Verdict state_epcis(LedgerBuilder& ledger, std::string_view party,
                           const std::vector<TraceEvent>& events,
                           LedgerBuilder::BatchOptions options) {
  options.type = PayloadType::epcis_json;
  std::vector<TraceEvent> read;
  for (const auto& event : events) {
    options.payloads.push_back(write_epcis(event));
    read.push_back(decode_epcis(options.payloads.back()).value());
    options.statements.push_back(
        statement_hash(options.type, read.back(), options.payloads.back()));
  }
  return ledger.apply_one(ledger.batch(party, read, options));
}

// The same kinds of things stated in EPCIS: by a gateway, with a sealed section, declared wrong,
// and some in Cap'n Proto between them.
class EpcisLedger : public ProvenLedger {
 public:
  EpcisLedger() {
    clock("2026-06-02T00:00:00Z");
    party("maker", {Role::manufacturer});
    party("carrier", {Role::logistics});
    party("lab", {Role::lab});
    act(RegisterParty{{.id = "farm", .name = "Farm", .roles = {Role::producer}}, {}});
    act(GrantDelegation{.party = "farm", .signer = "carrier"});
    product("09521104301011", "maker");
    product("09521104300014", "farm");
    TraceEvent milk = commission("01:00", {std::string(kMilkLot) + " 500 KGM"});
    milk.kind = Kind::origin;
    state("farm", {milk, observe("01:30", "storing", {kMilkLot})}, "carrier");
    state("maker", {transform("03:00", {std::string(kMilkLot) + " 100 KGM"},
                              {std::string(kCanLot) + " 100 KGM"})});
    state("maker", {commission("04:00", {kFirstCan}, kCanLot)});
    const auto wrong = named(observe("04:30", "storing", {kFirstCan}),
                             "urn:uuid:404d95fc-9457-4a51-bd6a-0bba133845a8");
    state("maker", {wrong});
    state("maker", {declared_wrong(wrong)});
    accept("maker", pack("05:00", kCase, {kFirstCan}));
    TraceEvent tested = inspect("06:00", "inspecting", {kFirstCan});
    const SectionBody price{.salt = Salt::from(Bytes(Salt::kSize, 's')), .bytes = "12.50 CNY"};
    tested.audience = EventAudience::partner;
    tested.sections = {{.digest = section_digest("lab", Audience::partner, price.salt,
                                                 price.bytes),
                        .label = "price"}};
    state("lab", {tested}, {}, {{price}});
    seal();
  }

 private:
  void state(std::string_view party, const std::vector<TraceEvent>& events,
             const std::string& gateway = {},
             const std::vector<std::vector<SectionBody>>& sections = {}) {
    const auto verdict =
        state_epcis(*this, party, events, {.signer = gateway, .sections = sections});
    EXPECT_TRUE(is_accepted(verdict)) << words(verdict);
  }
};

inline const EpcisLedger& epcis_ledger() {
  static const auto* kLedger = new EpcisLedger();
  return *kLedger;
}

// A bundle without the payload of the last statement that partners alone may read.
inline Bundle without_partners_payload(Bundle bundle) {
  for (auto event = bundle.events.rbegin(); event != bundle.events.rend(); ++event) {
    if (!event->payload || event->payload->bytes.find("partner") == Bytes::npos) continue;
    event->payload.reset();
    break;
  }
  return bundle;
}

// A case that the second verifier's tests made (vectors/bundles/web.json).
struct WebCase {
  std::string text;
  std::string policy;
  int64_t now_ms = 0;
};
inline WebCase web_case(const std::string& name) {
  static const auto* kAll = new boost::json::value(own_vectors("bundles/web.json"));
  for (const auto& one : kAll->at("cases").as_array()) {
    if (text_of(one.at("name")) != name) continue;
    const auto text_at = [&](const char* list, const char* number) {
      return text_of(kAll->at(list).as_array().at(one.at(number).to_number<size_t>()));
    };
    return {text_at("bundles", "bundle"), text_at("policies", "policy"),
            one.at("nowMs").to_number<int64_t>()};
  }
  ADD_FAILURE() << "web.json has no case " << name;
  return {};
}

inline BundleVerdict checked(const Bundle& bundle, const Policy& policy, int64_t now_ms) {
  return verify_bundle_text(write_bundle_json(bundle), policy, now_ms);
}
inline BundleVerdict checked(const Bundle& bundle) {
  return checked(bundle, small_ledger().policy(), small_ledger().sealed_ms() + 1000);
}

inline std::string said(const BundleVerdict& verdict) {
  std::string text(word(verdict.judged));
  if (verdict.fault) {
    text.append(" ").append(info(*verdict.fault).name).append(" at ").append(verdict.place);
    text.append(": ").append(verdict.message);
  }
  return text;
}

}  // namespace suyuan::testing
