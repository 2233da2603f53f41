// Sessions opened over both wires, for tests of what each party may know.
#pragma once

#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "client/seal.h"
#include "client/session.h"
#include "proto/json/submission_json.h"
#include "tests/e2e/small_ledger.h"

namespace suyuan::test {

// The signed answer to a challenge, as the party's own program makes it.
inline std::string signed_challenge(SmallLedger& ledger, const Challenge& challenge,
                                    const std::string& party) {
  const auto& pair = ledger.key(party).pair;
  const std::string text = write_session_text({.ledger = challenge.ledger,
                                               .node = challenge.node,
                                               .party = party,
                                               .key = pair.key,
                                               .nonce = challenge.nonce,
                                               .until_ms = challenge.until_ms});
  return ledger.sign_text(text, {party});
}

// Over HTTP, from the challenge's JSON on.
inline HttpAnswer session_over_http(SmallLedger& ledger, const std::string& party) {
  const auto asked = ledger.http().send({.method = "POST", .target = "/v1/challenges"});
  EXPECT_EQ(asked.status, 201) << asked.body;
  const auto json = boost::json::parse(asked.body);
  const auto& given = json.at("challenge");
  const auto text = [&](const char* name) { return std::string(given.at(name).as_string()); };
  EXPECT_EQ(text("ledger"), ledger.id().line());
  const Challenge challenge{.ledger = ledger.id(),
                            .node = text("node"),
                            .nonce = fixed_from_base64<SessionNonce>(text("nonce")).value(),
                            .until_ms = given.at("until").as_int64()};
  return ledger.http().send({.method = "POST",
                             .target = "/v1/sessions",
                             .body = signed_challenge(ledger, challenge, party),
                             .headers = {{"Content-Type", "text/plain"}}});
}

inline std::string token_over_http(SmallLedger& ledger, const std::string& party) {
  const auto opened = session_over_http(ledger, party);
  EXPECT_EQ(opened.status, 201) << opened.body;
  return std::string(boost::json::parse(opened.body).at("session").at("token").as_string());
}

inline HttpAnswer get_as(SmallLedger& ledger, const std::string& target, const std::string& token) {
  return ledger.http().send(
      {.target = target, .headers = {{"Authorization", "Bearer " + token}}});
}

}  // namespace suyuan::test
