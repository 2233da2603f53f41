#include "tests/unit/proof/acting_ledger.h"

#include "ledger/crypto/hash.h"

namespace suyuan::testing {
namespace {

const std::string kFirstAuthority = "registrar";

TreeNode leaf_node(uint8_t depth, NodeKind kind, std::string name, std::string value) {
  return {.depth = depth, .kind = kind, .name = std::move(name), .value = std::move(value)};
}

Tree some_tree() {
  return {leaf_node(0, NodeKind::object, "ex:harvest", ""),
          leaf_node(1, NodeKind::text, "ex:field", "north"),
          leaf_node(1, NodeKind::array, "ex:days", ""),
          leaf_node(2, NodeKind::number, "", "3"),
          leaf_node(2, NodeKind::boolean, "", "true"),
          leaf_node(0, NodeKind::null, "ex:nothing", "")};
}

// Every field that a statement about things made has.
TraceEvent with_all_fields(TraceEvent event) {
  event.event_id = "urn:uuid:0b6f1f6e-3c1e-4c53-9a9f-0d7f5a0a3a11";
  event.read_point = "https://id.gs1.org/414/9521104000006";
  event.biz_location = "https://id.gs1.org/414/9521104000006";
  event.disposition = "active";
  event.persistent_set = {"completeness_verified"};
  event.transactions = {{"po", code(kOrder)}, {"inv", "INV 77"}};
  event.sensors = {{.metadata = {leaf_node(0, NodeKind::text, "ex:logger", "7")},
                    .reports = {{.type = "Temperature",
                                 .value = decimal("4.25"),
                                 .min_value = decimal("2"),
                                 .max_value = decimal("6.5"),
                                 .uom = "CEL",
                                 .device_id = "urn:example:logger:7",
                                 .time = event.event_time}}}};
  event.documents = {{.number = "LR-2026-17",
                      .type = "lab_report",
                      .sha256 = sha256("the report's bytes"),
                      .size = 18,
                      .media_type = "application/pdf",
                      .issuer = "lab"},
                     {.number = "EC-9", .type = "export_certificate"}};
  event.certifications = {"https://example.org/certificate/1"};
  event.ilmd = some_tree();
  event.extensions = some_tree();
  return event;
}

}  // namespace

ActingLedger::ActingLedger() : NoticeLedger({"second", "third"}, 2) {
  clock("2026-06-02T00:00:00Z");
  register_all();
  change_authorities_keys();
  state_all();
  state_in_epcis();
  seal();
}

void ActingLedger::take(VerifiedBatch batch) {
  const auto verdict = apply_one(std::move(batch));
  EXPECT_TRUE(is_accepted(verdict)) << words(verdict);
}

void ActingLedger::act_by(const Words& with, const std::vector<RegistryEvent>& acts) {
  take(act_batch(kFirstAuthority, acts, {.key = registrars_key_, .with = with}));
}

// Every act of the registry, alone and several in a batch.
void ActingLedger::register_all() {
  const PartyData maker{.id = "maker",
                        .name = "Maker",
                        .name_zh = "制造商",
                        .roles = {Role::manufacturer},
                        .country = "CN"};
  act_by({}, {RegisterParty{maker, {possession("maker", 0)}}});
  PartyData amended = maker;
  amended.name = "Maker and Sons";
  amended.accreditations = {{.number = "A 1", .valid_to = at("23:00"), .scope = {"ISO 22000"}}};
  act_by({}, {AmendParty{amended},
              RegisterParty{{.id = "carrier", .name = "Carrier", .roles = {Role::logistics}},
                            {possession("carrier", 0)}},
              RegisterParty{{.id = "farm", .name = "Farm", .roles = {Role::producer}}, {}}});
  party("lab", {Role::lab});
  party("notary", {Role::competent_authority});
  act_by({}, {AddKey{.party = "maker", .key = possession("maker", 1)}});
  // Nothing was signed by the old key from there on.
  act_by({}, {RevokeKey{.party = "maker",
                        .key = keys("maker").key,
                        .suspect_from = head().leaves,
                        .reason = "rotation"}});
  act_by({}, {GrantDelegation{.party = "farm", .signer = "carrier", .until = at("12:00")}});
  act_by({}, {EndDelegation{.party = "farm", .signer = "carrier"}});
  act_by({}, {GrantDelegation{.party = "farm", .signer = "carrier"}});
  ProductData can{.gtin = "09521104301011", .name = "Can", .owner = "maker", .uom = "H87"};
  act_by({}, {RegisterProduct{can}});
  can.net_kg = decimal("0.9");
  can.sellers = {"carrier"};
  act_by({}, {AmendProduct{can}});
  product("09521104300014", "farm");
  SiteData site{.gln = "9521104000006", .party = "maker", .name = "Works", .country = "CN"};
  act_by({}, {RegisterSite{site}});
  site.latitude = decimal("24.48");
  site.longitude = decimal("118.09");
  site.supervised_by = {"notary"};
  act_by({}, {AmendSite{site}});
}

void ActingLedger::change_authorities_keys() {
  act_by({"second"}, {AddKey{.party = kFirstAuthority, .key = possession(kFirstAuthority, 1)}});
  act_by({"second", "third"},
         {RevokeKey{.party = kFirstAuthority,
                    .key = keys(kFirstAuthority).key,
                    .reason = "rotation"}});
  registrars_key_ = 1;
  // Without the authority whose keys they are, and two acts in one batch.
  act_by({"notary", "second"}, {AddKey{.party = "third", .key = possession("third", 1)},
                                RevokeKey{.party = "third", .key = keys("third").key}});
}

void ActingLedger::state_all() {
  TraceEvent milk = commission("01:00", {std::string(kMilkLot) + " 500 KGM"});
  milk.kind = Kind::origin;
  take(batch("farm", {milk}, {.signer = "carrier"}));
  const BatchOptions by_maker{.key = 1};
  take(batch("maker", {transform("03:00", {std::string(kMilkLot) + " 100 KGM"},
                                 {std::string(kCanLot) + " 99 KGM"}, {"spilt 1 KGM"})},
             by_maker));
  take(batch("maker", {with_all_fields(commission("04:00", {kFirstCan}, kCanLot))}, by_maker));
  // Three sign one statement.
  take(batch("maker", {hand(observe("05:00", "shipping", {kFirstCan}), {"maker"}, "carrier"),
                       pack("05:00", kCase, {kOtherCan})},
             {.key = 1, .with = {"carrier", "notary"}}));
  const Stated made =
      state("maker", observe("06:00", "storing", {kFirstCan}), 1, {"price", "buyer"});
  const Stated tested = state("lab", inspect("07:00", "inspecting", {kFirstCan}), 0, {"finding"});
  erase(of(made, 0, "maker"), 1);
  erase(of(tested, 0, "second"), 0);
}

void ActingLedger::state_in_epcis() {
  const auto stated = [&](std::string_view by, const TraceEvent& event,
                          const BatchOptions& options) {
    const auto verdict = state_epcis(*this, by, {event}, options);
    EXPECT_TRUE(is_accepted(verdict)) << words(verdict);
  };
  stated("farm", observe("08:00", "storing", {kMilkLot}), {.signer = "carrier"});
  const auto wrong = named(observe("08:30", "storing", {kFirstCan}),
                           "urn:uuid:404d95fc-9457-4a51-bd6a-0bba133845a8");
  stated("carrier", wrong, {.with = {"notary"}});
  stated("carrier", declared_wrong(wrong), {});
  TraceEvent papers = observe("09:00", "delivering", {kFirstCan});
  papers.documents = {{.number = "D 1", .type = "delivery_note", .sha256 = sha256("paper")}};
  papers.audience = EventAudience::partner;
  stated("carrier", papers, {});
}

const ActingLedger& acting_ledger() {
  static const auto* kLedger = new ActingLedger();
  return *kLedger;
}

}  // namespace suyuan::testing
