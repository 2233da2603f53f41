// Who sees what: sealed sections and partners' events, asked for with a party's key over both
// wires; that every such read is in the access log; and that nobody else sees any of it.
#include <gtest/gtest.h>

#include <filesystem>
#include <thread>

#include "ledger/event/codes_of.h"
#include "ledger/os/files.h"
#include "proto/submission_codec.h"
#include "tests/e2e/epcis_fixture.h"
#include "tests/e2e/session_fixture.h"
#include "tests/support/node_process.h"

namespace suyuan::test {
namespace {

using Indices = std::set<uint32_t>;

const std::string kCan = "sgtin:" + kFormula + ":S1";
const std::vector<Audience> kAudiences = {Audience::owner, Audience::partner, Audience::platform,
                                          Audience::customs, Audience::market_supervision};

std::string secret_of(size_t i) { return R"({"secret":"price-)" + std::to_string(i) + "\"}"; }

class SessionTest : public ::testing::Test {
 protected:
  SessionTest() {
    for (const auto& [party, role] : std::map<std::string, Role>{
             {"buyer", Role::seller},     {"shop", Role::platform},
             {"border", Role::customs},   {"market", Role::market_supervision},
             {"stranger", Role::platform}}) {
      ledger_.accept(ledger_.acts(
          "registrar", {registered_party(party, role, {ledger_.key_entry(party, party)})}));
    }
    // An order that the shop stated; the maker's event names it.
    ledger_.accept("shop", {ordered("08:30", {"order:PO-7"})});
    sealed_ = post_sealed("S1", "order:PO-7");
    hidden_ = post_for_partners();
  }

  Place post_sealed(const std::string& serial, const std::string& order) {
    TraceEvent event =
        testing::commission("09:30", {testing::code("sgtin:" + kFormula + ":" + serial)});
    event.destinations = {{.type = "owning_party", .id = "urn:suyuan:party:buyer"}};
    event.transactions = {{.type = "po", .id = testing::code(order)}};
    JsonEvent written{.event = event, .sealed = {}};
    for (size_t i = 0; i < kAudiences.size(); ++i) {
      written.sealed.push_back(
          {.audience = kAudiences[i], .label = "price", .content = secret_of(i)});
    }
    auto sealed = seal_event(std::move(written), "maker", random_salt);
    EXPECT_TRUE(sealed) << to_text(sealed.error().front());
    BatchDraft draft = ledger_.draft({});
    draft.events.push_back(std::move(sealed->event));
    const auto receipt =
        ledger_.accept(sign_batch(std::move(draft), ledger_.signer("maker")).value());
    return {.leaf = receipt.leaf, .event = 0};
  }

  Place post_for_partners() {
    const std::string payload = event_of("H1", "urn:uuid:00000000-0000-4000-8000-0000000000a1");
    BatchDraft draft = ledger_.draft({});
    draft.type = PayloadType::epcis_json;
    const auto value = decode_any_payload(PayloadType::epcis_json, payload);
    EXPECT_TRUE(value) << to_text(value.error());
    draft.events.push_back({.body = {.salt = random_fixed<Salt>(), .payload = payload},
                            .codes = codes_of(std::get<TraceEvent>(*value))});
    const auto receipt =
        ledger_.accept(sign_batch(std::move(draft), ledger_.signer("farm")).value());
    return {.leaf = receipt.leaf, .event = 0};
  }

  // KJ has one loop for a thread: a further connection lives in another.
  template <class Ask>
  void as(const std::string& party, Ask ask) {
    std::thread([&] {
      auto connection = Connection::open({.node = ledger_.running().rpc_address()});
      ASSERT_TRUE(connection);
      if (!party.empty()) {
        const auto opened = open_session(**connection, ledger_.key(party), ledger_.id());
        ASSERT_TRUE(opened) << to_text(opened.error());
      }
      ask(**connection);
    }).join();
  }

  EventView event_as(const std::string& party, Place place) {
    EventView view;
    as(party, [&](Connection& connection) {
      const auto answer = connection.event(place, false);
      ASSERT_TRUE(answer.value) << to_text(answer.value.error());
      view = *answer.value;
    });
    return view;
  }

  static std::string event_path(Place place) {
    return "/v1/events/" + std::to_string(place.leaf) + "/" + std::to_string(place.event);
  }

  Indices sections_over_http(const std::string& token) {
    const auto answer = token.empty() ? ledger_.http().get(event_path(sealed_))
                                      : get_as(ledger_, event_path(sealed_), token);
    EXPECT_EQ(answer.status, 200) << answer.body;
    const auto json = boost::json::parse(answer.body);
    Indices found;
    const auto* list = json.at("event").as_object().if_contains("sections");
    if (list == nullptr) return found;
    for (const auto& one : list->as_array())
      found.insert(static_cast<uint32_t>(one.at("index").to_number<uint64_t>()));
    return found;
  }

  Indices sections_as(const std::string& party, Place place) {
    Indices found;
    for (const auto& section : event_as(party, place).sections) found.insert(section.index);
    return found;
  }

  static TraceEvent ordered(const std::string& time, const testing::Words& orders) {
    return testing::paper(time, "ordering", orders);
  }

  std::vector<AccessEntry> access_log() {
    std::vector<AccessEntry> entries;
    as("market", [&](Connection& connection) {
      const auto page = connection.access_log(0, 1000);
      ASSERT_TRUE(page.value) << to_text(page.value.error());
      entries = page.value->entries;
    });
    return entries;
  }

  SmallLedger ledger_;
  Place sealed_;
  Place hidden_;
};

TEST_F(SessionTest, ServesASectionToItsAudienceAlone) {
  // owner 0, partner 1, platform 2, customs 3, market supervision 4
  const std::map<std::string, Indices> expected = {
      {"", {}},          {"maker", {0, 1, 2, 3, 4}}, {"buyer", {1}}, {"shop", {2}},
      {"stranger", {}},  {"border", {3}},            {"market", {4}}, {"farm", {}}};
  for (const auto& [party, indices] : expected) {
    SCOPED_TRACE(party.empty() ? "anyone" : party);
    const EventView view = event_as(party, sealed_);
    Indices found;
    for (const auto& section : view.sections) {
      found.insert(section.index);
      EXPECT_EQ(section.bytes, secret_of(section.index));
    }
    EXPECT_EQ(found, indices) << "over RPC";
    const auto checked = check_sections(view);
    EXPECT_TRUE(checked) << to_text(checked.error());
    const std::string token = party.empty() ? "" : token_over_http(ledger_, party);
    EXPECT_EQ(sections_over_http(token), indices) << "over HTTP";
  }
}

// The number of an order stands in events for everyone: naming it proves nothing.
TEST_F(SessionTest, OpensNoSectionToAPlatformThatNamesAnothersOrder) {
  ledger_.accept("stranger", {ordered("10:00", {"order:PO-7", "order:MINE-1"})});
  TraceEvent seen = ordered("10:01", {"order:PO-7"});
  seen.action = Action::observe;
  ledger_.accept("stranger", {seen});
  EXPECT_EQ(sections_as("stranger", sealed_), Indices{});
  EXPECT_EQ(sections_as("shop", sealed_), Indices{2});
  const Place early = post_sealed("S2", "order:PO-8");
  ledger_.accept("stranger", {ordered("08:00", {"order:PO-8"})});
  EXPECT_EQ(sections_as("stranger", early), Indices{}) << "recorded after the event named it";
}

// Its own number makes an order a platform's, whenever it records it, and whoever did so first.
TEST_F(SessionTest, KnowsAPlatformsOrderByTheNumberOfThePlatform) {
  const std::string gln = "9521206000003";  // whose orders testing::code makes
  const auto with_number = [&](const std::string& party, Role role) {
    return RegisterParty{.party = {.id = party, .name = party, .roles = {role}, .gln = gln},
                         .keys = {ledger_.key_entry(party, party)}};
  };
  ledger_.accept("stranger", {ordered("08:00", {"order:PO-9"})});
  ledger_.accept(ledger_.acts("registrar", {with_number("mall", Role::platform)}));
  const Place place = post_sealed("S3", "order:PO-9");
  EXPECT_EQ(sections_as("mall", place), Indices{2});
  EXPECT_EQ(sections_as("stranger", place), Indices{});
}

// As with a GLN: to record a number first that another platform will give opens nothing.
TEST_F(SessionTest, KnowsAPlatformsOrderByItsCreditCodeWhoeverRecordsItFirst) {
  const std::string credit_code = "91350205MA0DEM0132";
  const std::string order = "urn:x-suyuan:order:" + credit_code + ":1003";
  const PartyData mall{
      .id = "mall", .name = "mall", .roles = {Role::platform}, .credit_code = credit_code};
  ledger_.accept(ledger_.acts("registrar", {RegisterParty{
      .party = mall, .keys = {ledger_.key_entry("mall", "mall")}}}));
  ledger_.accept("stranger", {ordered("08:00", {order})});
  const Place place = post_sealed("S4", order);
  EXPECT_EQ(sections_as("mall", place), Indices{2});
  EXPECT_EQ(sections_as("stranger", place), Indices{});
}

TEST_F(SessionTest, ServesNoSectionWhereItIsNotAskedForByItself) {
  const std::string token = token_over_http(ledger_, "maker");
  const std::string code = "/v1/codes/" + percent_encode(testing::code(kCan));
  for (const std::string question : {"/trace?events=true", "/events?events=true", "/state"}) {
    const auto answer = get_as(ledger_, code + question, token);
    EXPECT_EQ(answer.status, 200) << answer.body;
    EXPECT_EQ(answer.body.find(to_base64(secret_of(0))), std::string::npos) << question;
  }
}

TEST_F(SessionTest, OpensAnEventForPartnersToThemAlone) {
  for (const auto& [party, state] :
       std::map<std::string, PayloadState>{{"", PayloadState::withheld},
                                           {"farm", PayloadState::open},
                                           {"buyer", PayloadState::withheld},
                                           {"market", PayloadState::withheld}}) {
    EXPECT_EQ(event_as(party, hidden_).state, state) << party;
  }
  const std::string trace = "/v1/codes/" + percent_encode(kLot + "H1") + "/trace?events=true";
  const auto open = get_as(ledger_, trace, token_over_http(ledger_, "farm"));
  EXPECT_NE(open.body.find(R"("payloadState":"open")"), std::string::npos) << open.body;
  EXPECT_EQ(open.header("cache-control"), "private, no-store");
  const auto closed = ledger_.http().get(trace);
  EXPECT_EQ(closed.body.find(R"("payloadState":"open")"), std::string::npos) << closed.body;
}

TEST_F(SessionTest, IsTheSameOverBothWires) {
  const std::string token = token_over_http(ledger_, "border");
  as("", [&](Connection& connection) {
    ASSERT_TRUE(connection.ask_as(token));
    const auto answer = connection.event(sealed_, false);
    ASSERT_TRUE(answer.value);
    EXPECT_EQ(answer.value->sections.size(), 1u);
  });
}

TEST_F(SessionTest, EndsInTimeAndWithItsKey) {
  const auto status_of = [&](const std::string& token) {
    return get_as(ledger_, event_path(sealed_), token).status;
  };
  const std::string token = token_over_http(ledger_, "border");
  EXPECT_EQ(status_of(token), 200);
  const int64_t now = testing::ms("2026-06-02T00:00:00Z");
  ledger_.running().set_clock(now + 15 * 60'000 + 1);
  const auto ended = get_as(ledger_, event_path(sealed_), token);
  EXPECT_EQ(ended.status, 401);
  EXPECT_EQ(ended.header("www-authenticate"), "Bearer");
  const std::string next = token_over_http(ledger_, "border");
  EXPECT_EQ(status_of(next), 200);
  ledger_.accept(ledger_.acts(
      "registrar", {RevokeKey{.party = "border", .key = ledger_.key("border").pair.key}}));
  EXPECT_EQ(status_of(next), 401) << "the key is revoked";
}

// A bundle is of the newest checkpoint; who asks for it is known by the newest state.
TEST_F(SessionTest, EndsForBundlesTooBeforeTheNextCheckpoint) {
  const std::string token = token_over_http(ledger_, "border");
  const std::string bundle = "/v1/codes/" + percent_encode(testing::code(kCan)) +
                             "/bundle?size=" + std::to_string(hidden_.leaf + 1) + "&wait=20000";
  EXPECT_EQ(get_as(ledger_, bundle, token).status, 200);
  ledger_.accept(ledger_.acts(
      "registrar", {RevokeKey{.party = "border", .key = ledger_.key("border").pair.key}}));
  EXPECT_EQ(get_as(ledger_, bundle, token).status, 401);
}

TEST_F(SessionTest, IsNotOpenedByWhatWasSignedForSomethingElse) {
  const auto refused = [&](Challenge challenge, const std::string& party) {
    const auto answer = ledger_.rpc().session(signed_challenge(ledger_, challenge, party));
    EXPECT_FALSE(answer.value);
    return answer.value ? Code::UNAVAILABLE : answer.value.error().code;
  };
  const Challenge given = *ledger_.rpc().challenge().value;
  Challenge other = given;
  other.ledger.origin = "other.example/log";
  EXPECT_EQ(refused(other, "farm"), Code::LEDGER_MISMATCH);
  other = given;
  other.node = "node-2";
  EXPECT_EQ(refused(other, "farm"), Code::CHALLENGE_INVALID);
  other = given;
  other.nonce.data[0] ^= 1;
  EXPECT_EQ(refused(other, "farm"), Code::CHALLENGE_INVALID);
  other = given;
  other.until_ms += 3'600'000;
  EXPECT_EQ(refused(other, "farm"), Code::CHALLENGE_INVALID);
  EXPECT_EQ(refused(given, "retired"), Code::KEY_NOT_IN_FORCE);
  EXPECT_EQ(refused(given, "nobody"), Code::PARTY_UNKNOWN);
  ledger_.running().set_clock(testing::ms("2026-06-02T00:01:01Z"));
  EXPECT_EQ(refused(given, "farm"), Code::CHALLENGE_INVALID) << "it has ended";
  const auto batch =
      ledger_.batch("farm", {testing::commission("09:00", {"lot:" + kMilk + ":B 5 KGM"})});
  const auto answer = ledger_.rpc().session(batch.note);
  ASSERT_FALSE(answer.value);
  EXPECT_EQ(answer.value.error().code, Code::NOTE_SYNTAX);
}

TEST_F(SessionTest, LeavesEveryReadInTheAccessLog) {
  event_as("border", sealed_);
  event_as("farm", hidden_);
  event_as("", sealed_);
  const std::string lot = kLot + "H1";
  get_as(ledger_, "/v1/codes/" + percent_encode(lot) + "/trace?events=true",
         token_over_http(ledger_, "farm"));
  get_as(ledger_, "/v1/codes/" + percent_encode(lot) + "/state",
         token_over_http(ledger_, "buyer"));
  const auto entries = access_log();
  ASSERT_EQ(entries.size(), 4u) << "what anyone reads is not logged";
  EXPECT_EQ(entries[0].party, "border");
  EXPECT_EQ(entries[0].question, "event");
  EXPECT_EQ(entries[0].places, (std::vector<Place>{sealed_}));
  EXPECT_EQ(entries[1].party, "farm");
  EXPECT_EQ(entries[1].places, (std::vector<Place>{hidden_}));
  EXPECT_EQ(entries[2].question, "trace");
  EXPECT_EQ(entries[2].code, lot);
  EXPECT_EQ(entries[2].places, (std::vector<Place>{hidden_}));
  EXPECT_EQ(entries[3].party, "buyer");
  EXPECT_TRUE(entries[3].places.empty()) << "nothing was opened to it";
  for (size_t i = 0; i < entries.size(); ++i) EXPECT_EQ(entries[i].number, i + 1);
  // The authority's own look is in the log too, and the registrar may read it, over HTTP.
  const auto again = get_as(ledger_, "/v1/access?after=4", token_over_http(ledger_, "registrar"));
  EXPECT_EQ(again.status, 200) << again.body;
  EXPECT_NE(again.body.find(R"("party":"market")"), std::string::npos) << again.body;
}

TEST_F(SessionTest, IsNotWrittenDownAnywhere) {
  const std::string token = token_over_http(ledger_, "border");
  event_as("border", sealed_);
  for (const auto& file : std::filesystem::recursive_directory_iterator(ledger_.folder())) {
    if (!file.is_regular_file()) continue;
    const auto bytes = read_file(file.path().string(), 1 << 30);
    ASSERT_TRUE(bytes);
    EXPECT_EQ(bytes->find(token), std::string::npos) << file.path();
  }
}

// The command line, as its user runs it.
class SessionProgram : public SessionTest {
 protected:
  SessionProgram() {
    for (const std::string party : {"border", "market"}) {
      const auto seed = sha256("small ledger " + party);
      const auto text = write_key_file(party, seed.view(), "", SealRandomness{});
      EXPECT_TRUE(write_new_file(key_file(party), *text, FileMode::secret));
    }
  }
  std::string key_file(const std::string& party) const { return home_.path() + "/" + party; }
  std::string run(const std::string& arguments) {
    const std::string out = home_.path() + "/out";
    const std::string command = "XDG_CONFIG_HOME=" + home_.path() + " " + SUYUAN_PROGRAM +
                                " --node " + ledger_.running().rpc_address() + " " + arguments +
                                " >" + out + " 2>&1";
    exit_ = std::system(command.c_str());
    return read_file(out, 1 << 20).value();
  }
  TempFolder home_;
  int exit_ = 0;
};

TEST_F(SessionProgram, ShowsWhatIsOpenToTheKeysParty) {
  const std::string trace = "trace '" + testing::code(kCan) + "'";
  const auto anyone = run(trace);
  EXPECT_EQ(exit_, 0) << anyone;
  EXPECT_EQ(anyone.find("price-"), std::string::npos) << anyone;
  const auto border = run(trace + " --as border --key " + key_file("border"));
  EXPECT_EQ(exit_, 0) << border;
  EXPECT_NE(border.find("price-3"), std::string::npos) << border;
  EXPECT_EQ(border.find("price-4"), std::string::npos) << border;
  const auto chinese = run("--lang zh " + trace + " --key " + key_file("market"));
  EXPECT_NE(chinese.find("price-4"), std::string::npos) << chinese;
  const auto of_another = run(trace + " --as market --key " + key_file("border"));
  EXPECT_NE(exit_, 0) << of_another;
  const auto log = run("access --key " + key_file("market"));
  EXPECT_EQ(exit_, 0) << log;
  EXPECT_NE(log.find("border"), std::string::npos) << log;
  EXPECT_NE(log.find(std::to_string(sealed_.leaf) + "/0"), std::string::npos) << log;
}

TEST_F(SessionTest, HoldsASectionAgainstItsDigest) {
  EventView view = event_as("border", sealed_);
  ASSERT_EQ(view.sections.size(), 1u);
  const EventView right = view;
  view.sections[0].bytes[0] ^= 1;
  EXPECT_FALSE(check_sections(view));
  view = right;
  view.sections[0].salt.data[0] ^= 1;
  EXPECT_FALSE(check_sections(view));
  view = right;
  view.sections[0].index = 2;
  EXPECT_FALSE(check_sections(view));
  view.sections[0].index = 99;
  EXPECT_FALSE(check_sections(view));
  view = right;
  view.salt.data[0] ^= 1;
  EXPECT_FALSE(check_sections(view)) << "the payload is not the record's";
}

}  // namespace
}  // namespace suyuan::test
