// What programs read with tokens of the gateway is in the access log, before they have it.
#include <algorithm>
#include <filesystem>
#include <fstream>

#include "ledger/base/text.h"
#include "ledger/proof/tiles.h"
#include "tests/e2e/epcis_fixture.h"
#include "tests/e2e/session_fixture.h"

namespace suyuan::test {
namespace {

// "party question code places", of each entry but those of reading the log itself.
class EpcisAccess : public EpcisTest {
 protected:
  explicit EpcisAccess(ServeOptions options = usual_options()) : EpcisTest(std::move(options)) {}
  std::vector<std::string> logged() {
    const auto answer =
        get_as(ledger_, "/v1/access?limit=1000", token_over_http(ledger_, "registrar"));
    EXPECT_EQ(answer.status, 200) << answer.body;
    std::vector<std::string> lines;
    const auto body = json::parse(answer.body);
    for (const auto& entry : body.at("access").at("entries").as_array()) {
      if (entry.at("party").as_string() == "registrar") continue;
      key_ids_.emplace_back(entry.at("keyId").as_string());
      std::string line;
      for (const char* field : {"party", "question", "code"}) {
        const auto* value = entry.as_object().if_contains(field);
        const std::string text =
            value == nullptr ? std::string() : std::string(value->as_string());
        line += (text.empty() ? "-" : text) + " ";
      }
      for (const auto& place : entry.at("places").as_array()) {
        line += std::to_string(place.at("leaf").as_int64()) + "/" +
                std::to_string(place.at("event").as_int64()) + ",";
      }
      lines.push_back(line);
    }
    // Where the index was late it was asked again.
    lines.erase(std::unique(lines.begin(), lines.end()), lines.end());
    return lines;
  }
  // The leaf of an event that the farm states, for its partners or for everyone.
  std::string captured(const std::string& lot, const std::string& token) {
    EXPECT_EQ(send("POST", "/events", token, event_of(lot, "urn:uuid:" + lot)).status, 201);
    // Seals may stand around it.
    const auto chain = ledger_.rpc().events({.code = kLot + lot}, false);
    EXPECT_TRUE(chain.value && chain.value->entries.size() == 1);
    return std::to_string(chain.value->entries.at(0).link.place.leaf) + "/0,";
  }

  std::vector<std::string> key_ids_;
};

TEST_F(EpcisAccess, AReadWithATokenIsLoggedWithWhatItOpened) {
  const std::string kept = captured("kept", farm_);
  captured("shown", open_);
  EXPECT_EQ(events("/events", farm_).size(), 2U);
  EXPECT_EQ(events("/events", maker_).size(), 1U);
  EXPECT_EQ(events("/events", "").size(), 1U) << "who asks without a token is not known";
  const std::string epc = "https%3A%2F%2Fid.gs1.org%2F01%2F" + kMilk + "%2F10%2Fkept";
  EXPECT_EQ(events("/epcs/" + epc + "/events", farm_).size(), 1U);
  EXPECT_EQ(send("GET", "/bizSteps", farm_).status, 200);
  EXPECT_EQ(send("GET", "/events/urn:uuid:none", farm_).status, 404);
  EXPECT_EQ(logged(), (std::vector<std::string>{"farm epcis/events - " + kept,
                                                "maker epcis/events - ",
                                                "farm epcis/epcs/events " + epc + " " + kept,
                                                "farm epcis/bizSteps - ",
                                                "farm epcis/events urn%3Auuid%3Anone "}));
  const auto tokens = epcis::read_tokens(folder()).value();
  EXPECT_EQ(key_ids_.front(), to_hex(tokens.front().hash.view()).substr(0, 8))
      << "which token it was";
}

TEST_F(EpcisAccess, ANamedQueryIsLoggedByItsName) {
  const std::string kept = captured("kept", farm_);
  ASSERT_EQ(send("POST", "/queries", farm_, R"({"name":"my lots","query":{}})").status, 201);
  EXPECT_EQ(events("/queries/my%20lots/events", farm_).size(), 1U);
  EXPECT_EQ(logged(),
            std::vector<std::string>{"farm epcis/queries/events my%20lots " + kept});
}

// No line can be written: then nothing leaves that a line would have to tell of.
TEST_F(EpcisAccess, WhatCannotBeLoggedIsNotAnswered) {
  const std::string kept = captured("kept", farm_);
  captured("shown", open_);
  // Nothing was read yet, so the log has no file, and here none can be made.
  const std::string access = ledger_.folder() + "/access";
  ASSERT_TRUE(std::filesystem::is_empty(access));
  std::filesystem::remove(access);
  std::ofstream(access) << "no folder";
  for (const char* path : {"/events", "/events/urn:uuid:kept", "/bizSteps"}) {
    const auto refused = send("GET", path, farm_);
    refuses(refused, 500, "ImplementationException");
    EXPECT_EQ(refused.body.find("urn:uuid:"), std::string::npos) << refused.body;
  }
  EXPECT_EQ(events("/events", "").size(), 1U) << "what is for everyone is nobody's trace";
  std::filesystem::remove(access);
  std::filesystem::create_directory(access);
  EXPECT_EQ(events("/events", farm_).size(), 2U);
  EXPECT_EQ(logged(), std::vector<std::string>{"farm epcis/events - " + kept});
}

// A scheme's name is the same in any case of letters (RFC 9110 11.1).
TEST_F(EpcisAccess, ATokenIsTakenInAnyCaseOfItsScheme) {
  const auto status_of = [&](const std::string& authorization) {
    return ledger_.http()
        .send({.target = "/epcis/queries", .headers = {{"Authorization", authorization}}})
        .status;
  };
  for (const std::string scheme : {"Bearer ", "bearer ", "BEARER ", "Bearer  "})
    EXPECT_EQ(status_of(scheme + farm_), 200) << scheme;
  for (const std::string& wrong :
       {std::string("Bearer"), std::string("bearer "), "Basic " + farm_, "Bearers " + farm_})
    EXPECT_EQ(status_of(wrong), 401) << wrong;
}

// A session is for questions of our own interface; each token opens what it was made for.
TEST_F(EpcisAccess, ASessionsTokenIsNoneOfTheGateways) {
  captured("kept", farm_);
  const auto session = token_over_http(ledger_, "farm");
  refuses(send("GET", "/events", session), 401, "SecurityException");
  EXPECT_EQ(get_as(ledger_, "/v1/codes/" + percent_encode(kLot + "kept") + "/trace", farm_).status,
            401);
  EXPECT_TRUE(logged().empty()) << "nothing was answered";
}

class EpcisAccessSealed : public EpcisAccess {
 protected:
  static ServeOptions sealing() {
    ServeOptions options;
    options.seal_interval_ms = 50;
    return options;
  }
  EpcisAccessSealed() : EpcisAccess(sealing()) {}
};

// Whoever exports the log gets what everybody gets, whatever token he sends along.
TEST_F(EpcisAccessSealed, TheLogAsFilesIsTheSameUnderASession) {
  const std::string place = captured("kept", farm_);
  const uint64_t leaf = std::stoull(place);
  ASSERT_EQ(ledger_.http()
                .get("/v1/codes/" + percent_encode(kLot + "kept") +
                     "/bundle?size=" + std::to_string(leaf + 1) + "&wait=20000")
                .status,
            200);
  const std::string file = "/log/events/" + write_tile_number(leaf);
  const auto open = ledger_.http().get(file);
  ASSERT_EQ(open.status, 200) << open.body;
  EXPECT_EQ(open.body.find("urn:uuid:kept"), std::string::npos) << "the payload is withheld";
  const auto asked = get_as(ledger_, file, token_over_http(ledger_, "farm"));
  EXPECT_EQ(asked.status, 200);
  EXPECT_EQ(asked.body, open.body);
  EXPECT_TRUE(logged().empty()) << "nothing was opened";
}

class EpcisAccessLimited : public EpcisTest {
 protected:
  static ServeOptions few() {
    ServeOptions options = without_seals();
    options.quotas.party_reads = 2;
    return options;
  }
  EpcisAccessLimited() : EpcisTest(few()) {}
};

// Each costs a sync of the disk.
TEST_F(EpcisAccessLimited, ReadsOfAPartyAreBounded) {
  EXPECT_EQ(send("GET", "/events", farm_).status, 200);
  EXPECT_EQ(send("GET", "/events", farm_).status, 200);
  const auto refused = send("GET", "/events", farm_);
  EXPECT_EQ(refused.status, 429) << refused.body;
  EXPECT_EQ(refused.header("retry-after"), "30");
  EXPECT_EQ(send("GET", "/events", maker_).status, 200);
  EXPECT_EQ(send("GET", "/events", "").status, 200);
}

}  // namespace
}  // namespace suyuan::test
