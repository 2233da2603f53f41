// EPCIS events end to end: posted signed, applied, answered, bundled; and what is for partners
// alone is seen by nobody else, whichever way is taken.
#include <gtest/gtest.h>

#include "client/http_log.h"
#include "ledger/batch/sign.h"
#include "ledger/code/code.h"
#include "ledger/event/codes_of.h"
#include "ledger/os/files.h"
#include "ledger/proof/leaf_events.h"
#include "ledger/proof/tiles.h"
#include "node/answer/answers.h"
#include "proto/epcis/epcis.h"
#include "proto/json/bundle_json.h"
#include "proto/json/submission_json.h"
#include "tests/e2e/small_ledger.h"

namespace suyuan::test {
namespace {

// Stands wherever a partner event could say something: in codes, places, steps, names, values.
const std::string kSecret = "s3cr3t-m4rk";
const std::string kUnitEpc = "urn:epc:id:sgtin:9521104.030101.3BGE";
const std::string kUnit = "https://id.gs1.org/01/09521104301011/21/3BGE";
const std::string kPallet = "https://id.gs1.org/00/095211040000000013";

std::string event_with(const std::string& members) {
  return R"({"@context":["https://ref.gs1.org/standards/epcis/epcis-context.jsonld",)"
         R"({"ex":"https://ns.example.org/"}],"eventTime":"2026-06-01T09:30:00.000Z",)"
         R"("eventTimeZoneOffset":"+08:00",)" +
         members + "}";
}

std::string made(const std::string& audience) {
  return event_with(R"("type":"ObjectEvent","action":"ADD","bizStep":"commissioning",)"
                    R"("eventID":"urn:uuid:made","suyuan:audience":")" + audience +
                    R"(","epcList":[")" + kUnitEpc + "\"]");
}

// Names the unit, and with it everything that nobody else may learn.
std::string secret_event() {
  return event_with(
      R"("type":"AggregationEvent","action":"ADD","bizStep":"packing",)"
      R"("suyuan:kind":"supply","eventID":"urn:x:)" + kSecret +
      R"(","parentID":"https://example.org/)" + kSecret + R"(/case","childEPCs":[")" + kUnitEpc +
      R"("],"disposition":"ex:)" + kSecret + R"(","readPoint":{"id":"https://example.org/)" +
      kSecret + R"(/dock"},"bizTransactionList":[{"type":"po","bizTransaction":"urn:x:)" + kSecret +
      R"(-po"}],"sourceList":[{"type":"possessing_party","source":"urn:suyuan:party:maker"}],)"
      R"("destinationList":[{"type":"possessing_party","destination":"urn:suyuan:party:carrier"}],)"
      R"("ex:)" + kSecret + R"(":")" + kSecret + "\"");
}

class EpcisE2e : public ::testing::Test {
 protected:
  Submission batch(const std::string& party, const std::vector<std::string>& payloads) {
    BatchDraft draft = ledger_.draft({});
    draft.type = PayloadType::epcis_json;
    for (const auto& payload : payloads) {
      const auto event = check_epcis(payload);
      EXPECT_TRUE(event) << to_text(event.error().front()) << payload;
      draft.events.push_back({.body = {.salt = random_fixed<Salt>(), .payload = payload},
                              .codes = codes_of(*event)});
    }
    auto signed_batch = sign_batch(std::move(draft), ledger_.signer(party));
    EXPECT_TRUE(signed_batch);
    return *std::move(signed_batch);
  }
  std::string get(const std::string& target) { return ledger_.http().get(target).body; }
  std::string about(const std::string& code, const std::string& question) {
    return get("/v1/codes/" + percent_encode(code) + "/" + question);
  }

  SmallLedger ledger_;
};

TEST_F(EpcisE2e, ABatchIsTakenOverRpcAndHttpAndAnsweredAsItWasSigned) {
  const std::string payload = made("public");
  ledger_.accept(batch("maker", {payload}));
  const auto posted = ledger_.http().post(
      "/v1/batches", write_submission_json(batch(
                         "maker", {event_with(R"("type":"ObjectEvent","action":"OBSERVE",)"
                                              R"("bizStep":"shipping","suyuan:audience":"public",)"
                                              R"("epcList":[")" + kUnitEpc + "\"]")})));
  EXPECT_EQ(posted.status, 201) << posted.body;
  const auto trace = ledger_.rpc().trace({.code = kUnit}, true);
  ASSERT_TRUE(trace.value) << to_text(trace.value.error());
  ASSERT_EQ(trace.value->events.size(), 2U);
  EXPECT_EQ(trace.value->events[0].payload, payload);
  EXPECT_EQ(trace.value->trace.steps[0].kind, Kind::origin);
  const auto state = ledger_.rpc().state({.code = kUnit});
  ASSERT_TRUE(state.value);
  EXPECT_EQ(state.value->custodian, "maker");
  EXPECT_NE(about(kUnit, "trace?events=true").find("\"step\":\"commissioning\""),
            std::string::npos);
}

TEST_F(EpcisE2e, TheSameAgainIsTheFirstReceiptAndOtherwiseTheIdIsTaken) {
  const auto first = ledger_.accept(batch("maker", {made("public")}));
  const auto again = ledger_.rpc().submit(batch("maker", {made("public")}));
  ASSERT_TRUE(again.outcome);
  EXPECT_TRUE(again.outcome->repeated);
  EXPECT_EQ(again.outcome->leaf, first.leaf);
  const auto other = ledger_.rpc().submit(batch("maker", {made("partner")}));
  ASSERT_FALSE(other.outcome);
  EXPECT_EQ(other.outcome.error().front().code, Code::EVENT_ID_REUSED);

  std::string wrong = made("public");
  wrong.insert(wrong.size() - 1, R"(,"errorDeclaration":{"declarationTime":)"
                                 R"("2026-06-01T12:00:00Z","reason":"incorrect_data"})");
  ledger_.accept(batch("maker", {wrong}));
  const auto view = ledger_.rpc().event({.leaf = first.leaf, .event = 0}, false);
  ASSERT_TRUE(view.value);
  EXPECT_TRUE(view.value->withdrawn_by.has_value());
}

std::string declared_wrong(std::string payload) {
  return payload.insert(payload.size() - 1, R"(,"errorDeclaration":{"declarationTime":)"
                                            R"("2026-06-01T12:00:00Z","reason":"incorrect_data"})");
}

TEST_F(EpcisE2e, ADeclarationStatesWhatItsEventStatedWhateverTheSpelling) {
  const auto shipped = [](const std::string& epc, const std::string& more) {
    return event_with(R"("type":"ObjectEvent","action":"OBSERVE","bizStep":"cbv:BizStep-shipping",)"
                      R"("eventID":"urn:uuid:shipped","suyuan:audience":"public",)"
                      R"("epcList":[")" + epc + "\"]" + more);
  };
  ledger_.accept(batch("maker", {made("public")}));
  ledger_.accept(batch("maker", {shipped(kUnitEpc, R"(,"disposition":"in_transit","ex:n":1)")}));
  // Codes, time, kind and step are the same; what else it stated is not.
  for (const char* more : {"", R"(,"disposition":"in_progress","ex:n":1)",
                           R"(,"disposition":"in_transit","ex:n":2)",
                           R"(,"disposition":"in_transit","ex:n":1,"ex:m":1)"}) {
    const auto answer = ledger_.rpc().submit(
        batch("maker", {declared_wrong(shipped(kUnitEpc, more))}));
    ASSERT_FALSE(answer.outcome) << more;
    EXPECT_EQ(answer.outcome.error().front().code, Code::CORRECTION_INVALID) << more;
  }
  ledger_.accept(batch("maker", {declared_wrong(shipped(
                                    kUnit, R"(,"recordTime":"2026-06-01T10:00:00Z","ex:n":1,)"
                                           R"("disposition":"cbv:Disp-in_transit")"))}));
  EXPECT_EQ(ledger_.rpc().state({.code = kUnit}).value->disposition, "");
}

TEST_F(EpcisE2e, AHandOverByGlnMovesCustody) {
  const std::string gln = "9521107000003";
  ledger_.accept(ledger_.acts(
      "registrar", {AmendParty{{.id = "carrier", .name = "Carrier", .roles = {Role::logistics},
                                .gln = gln}}}));
  ledger_.accept(batch("maker", {made("public")}));
  ledger_.accept(batch(
      "carrier",
      {event_with(R"("type":"ObjectEvent","action":"OBSERVE","bizStep":"receiving",)"
                  R"("suyuan:audience":"public","epcList":[")" + kUnitEpc + R"("],)"
                  R"("sourceList":[{"type":"possessing_party","source":"urn:suyuan:party:maker"}],)"
                  R"("destinationList":[{"type":"possessing_party",)"
                  R"("destination":"urn:epc:id:pgln:9521107.00000"}])")}));
  EXPECT_EQ(ledger_.rpc().state({.code = kUnit}).value->custodian, "carrier");
}

TEST_F(EpcisE2e, ARefusalNamesTheEventAndThePlaceInIt) {
  Submission bad = batch("maker", {made("public")});
  bad.events[0].payload.replace(bad.events[0].payload.find("ADD"), 3, "GOT");
  const auto answer = ledger_.http().post("/v1/batches", write_submission_json(bad));
  EXPECT_EQ(answer.status, 400);
  EXPECT_NE(answer.body.find("\"field\":\"/action\""), std::string::npos) << answer.body;
}

TEST_F(EpcisE2e, NobodyElseLearnsWhatAPartnerEventSaysWhicheverWayIsTaken) {
  ledger_.accept(batch("maker", {made("public")}));
  const auto receipt = ledger_.accept(batch("maker", {secret_event()}));
  const uint64_t size = receipt.leaf + 2;
  const std::string leaf = std::to_string(receipt.leaf);
  const std::string id = to_hex(batch_id(signed_text(
      ledger_.rpc().event({.leaf = receipt.leaf, .event = 0}, false).value->note)).view());
  ASSERT_EQ(ledger_.http().get("/log/checkpoint?wait=20000&size=" + std::to_string(size)).status,
            200);

  // Every route of the node that answers a GET, with what this ledger has to fill in.
  size_t walked = 0;
  const std::vector<std::string> codes = {kUnit, "https://example.org/" + kSecret + "/case",
                                          "https://example.org/" + kSecret + "/dock"};
  for (std::string route : ledger_.running().http_routes()) {
    if (!route.starts_with("GET ")) continue;
    route = route.substr(4);
    for (const auto& code : codes) {
      std::string target = route;
      const auto fill = [&](const std::string& name, const std::string& value) {
        const size_t at = target.find(name);
        if (at != std::string::npos) target.replace(at, name.size(), value);
      };
      fill("{code}", percent_encode(code));
      fill("{leaf...}", write_events_path(receipt.leaf).substr(7));
      fill("{tile...}", "entries/000.p/1");
      fill("{leaf}", leaf);
      fill("{event}", "0");
      fill("{id}", route.find("batches") != std::string::npos ? id : "maker");
      fill("{index}", leaf);
      fill("{gtin}", kFormula);
      fill("{gln}", kGln);
      const bool brings_events = target.ends_with("/trace") || target.ends_with("/events");
      for (const char* more : {"", "?events=true"}) {
        if (*more != 0 && !brings_events) continue;
        auto answer = ledger_.http().get(target + more);
        // What was asked for comes back, and that is no news to who asked.
        for (const auto& asked : codes) {
          for (size_t at; (at = answer.body.find(asked)) != std::string::npos;) {
            answer.body.erase(at, asked.size());
          }
        }
        EXPECT_EQ(answer.body.find(kSecret), std::string::npos) << target << more << answer.body;
        EXPECT_EQ(answer.body.find(to_base64(secret_event())), std::string::npos)
            << target;
        ++walked;
      }
    }
  }
  EXPECT_GT(walked, 50U);

  // What the asked code is named by is no secret; what it says is.
  const std::string seen = about(kUnit, "trace?events=true");
  EXPECT_NE(seen.find("\"withheld\":\"partner\""), std::string::npos) << seen;
  EXPECT_NE(seen.find("\"payloadHash\""), std::string::npos);
  EXPECT_EQ(about(kUnit, "state").find("carrier"), std::string::npos) << about(kUnit, "state");
  const auto bundle = parse_bundle_json(about(kUnit, "bundle"));
  ASSERT_TRUE(bundle);
  const auto withheld = std::ranges::count_if(
      bundle->events, [](const BundleEvent& event) { return !event.payload.has_value(); });
  EXPECT_EQ(withheld, 1);
  const auto events = get("/log/" + write_events_path(receipt.leaf));
  const auto file = decode_leaf_events(events);
  ASSERT_TRUE(file);
  EXPECT_EQ(file->at(0).state, PayloadState::withheld);
}

TEST_F(EpcisE2e, RpcKeepsTheSameSecrets) {
  ledger_.accept(batch("maker", {made("public")}));
  const auto receipt = ledger_.accept(batch("maker", {secret_event()}));
  const Place place{.leaf = receipt.leaf, .event = 0};
  const auto view = ledger_.rpc().event(place, true);
  ASSERT_TRUE(view.value);
  EXPECT_EQ(view.value->state, PayloadState::withheld);
  EXPECT_EQ(view.value->audience, EventAudience::partner);
  EXPECT_EQ(view.value->payload, "");
  const auto trace = ledger_.rpc().trace({.code = kUnit}, true);
  ASSERT_TRUE(trace.value);
  ASSERT_EQ(trace.value->trace.steps.size(), 2U);
  EXPECT_TRUE(trace.value->trace.containers.empty());
  const auto& step = trace.value->trace.steps.back();
  EXPECT_TRUE(step.withheld);
  EXPECT_EQ(step.step, "");
  EXPECT_EQ(ledger_.rpc().state({.code = kUnit}).value->inside, "");
  const auto found = ledger_.rpc().receipt(batch_id(signed_text(view.value->note)));
  ASSERT_TRUE(found.value);
  EXPECT_TRUE(found.value->heads.empty());
}

}  // namespace
}  // namespace suyuan::test
