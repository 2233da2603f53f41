// Sessions that are not opened, and what they do not open, over both wires.
#include <thread>

#include "tests/e2e/refusal_rows.h"
#include "tests/e2e/session_fixture.h"

namespace suyuan::test {
namespace {

template <class T>
Heard heard_of(const Answer<T>& answer) {
  Heard heard;
  if (!answer.value) heard.errors.push_back(answer.value.error());
  return heard;
}

// A connection of its own: the ledger's asks as anyone.
std::unique_ptr<Connection> connected(SmallLedger& ledger) {
  auto connection = Connection::open({.node = ledger.running().rpc_address()});
  SUYUAN_CHECK(connection.has_value());
  return *std::move(connection);
}

Row invented_token() {
  return {.name = "a token that nobody gave",
          .code = Code::SESSION_INVALID,
          .field = "Authorization",
          .rpc =
              [](SmallLedger& ledger) {
                Heard heard;
                std::thread([&] {
                  const auto connection = connected(ledger);
                  EXPECT_TRUE(connection->ask_as("sys_" + std::string(64, '0')));
                  heard = heard_of(connection->trace({.code = "https://example.org/x"}, false));
                }).join();
                return heard;
              },
          .http = [](SmallLedger& ledger) {
            return heard_over_http(get_as(
                ledger, "/v1/codes/" + percent_encode("https://example.org/x") + "/trace", "sys_"));
          }};
}

Row challenge_again() {
  return {.name = "a challenge that was used before",
          .code = Code::CHALLENGE_INVALID,
          .field = "nonce",
          .rpc =
              [](SmallLedger& ledger) {
                const auto challenge = ledger.rpc().challenge();
                const auto note = signed_challenge(ledger, *challenge.value, "farm");
                EXPECT_TRUE(ledger.rpc().session(note).value);
                return heard_of(ledger.rpc().session(note));
              },
          .http =
              [](SmallLedger& ledger) {
                const auto challenge = ledger.rpc().challenge();
                const auto note = signed_challenge(ledger, *challenge.value, "farm");
                EXPECT_TRUE(ledger.rpc().session(note).value);
                return heard_over_http(
                    ledger.http().send({.method = "POST",
                                        .target = "/v1/sessions",
                                        .body = note,
                                        .headers = {{"Content-Type", "text/plain"}}}));
              }};
}

Row log_for_a_farm() {
  return {.name = "the access log, asked for by a farm",
          .code = Code::NOT_ENTITLED,
          .rpc =
              [](SmallLedger& ledger) {
                Heard heard;
                std::thread([&] {
                  const auto connection = connected(ledger);
                  EXPECT_TRUE(open_session(*connection, ledger.key("farm"), ledger.id()));
                  heard = heard_of(connection->access_log(0, 10));
                }).join();
                return heard;
              },
          .http =
              [](SmallLedger& ledger) {
                return heard_over_http(
                    get_as(ledger, "/v1/access", token_over_http(ledger, "farm")));
              }};
}

}  // namespace

std::vector<Row> session_rows() { return {invented_token(), challenge_again(), log_for_a_farm()}; }

}  // namespace suyuan::test
