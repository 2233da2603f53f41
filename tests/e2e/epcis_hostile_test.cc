// The EPCIS interface of a running node against clients that mean it harm.
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <future>

#include "tests/e2e/epcis_fixture.h"

namespace suyuan::test {
namespace {

namespace bhttp = boost::beast::http;
using boost::asio::ip::tcp;

// Takes connections and never says a word.
class SilentCallback {
 public:
  SilentCallback() : acceptor_(io_, {boost::asio::ip::make_address("127.0.0.1"), 0}) {}
  std::string url() const {
    return "http://127.0.0.1:" + std::to_string(acceptor_.local_endpoint().port()) + "/";
  }
  // When a report has come and waits for its answer.
  tcp::socket taken() { return acceptor_.accept(); }

 protected:
  boost::asio::io_context io_;
  tcp::acceptor acceptor_;
};

class PromptCallback : public SilentCallback {
 public:
  // Of the next report.
  std::string body() {
    auto socket = taken();
    boost::beast::flat_buffer buffer;
    bhttp::request<bhttp::string_body> request;
    bhttp::read(socket, buffer, request);
    bhttp::response<bhttp::empty_body> ok{bhttp::status::ok, 11};
    ok.prepare_payload();
    bhttp::write(socket, ok);
    return request.body();
  }
};

std::string named_query(const std::string& name) {
  return R"({"name":")" + name + R"(","query":{}})";
}
std::string stream_to(const std::string& url) {
  return R"({"dest":")" + url + R"(","stream":true})";
}

// One event of a hundred kilobytes must not end the index for all, now and after each restart.
TEST_F(EpcisTest, AnEventOfManyValuesStopsNoIndex) {
  std::string many;
  for (int i = 0; i < 9000; ++i)
    many += (many.empty() ? "\"" : ",\"") + std::string("example:a") + std::to_string(i) + "\":1";
  ASSERT_EQ(send("POST", "/events", farm_, event_of("L1", "urn:uuid:1")).status, 201);
  const auto posted =
      send("POST", "/events", farm_,
           event_of("L1", "urn:uuid:1",
                    R"(,"errorDeclaration":{"declarationTime":"2026-06-01T12:00:00Z",)"
                    R"("reason":"incorrect_data","example:many":{)" + many + "}}"));
  ASSERT_EQ(posted.status, 201) << posted.body.substr(0, 300);
  EXPECT_EQ(events("/events", farm_).size(), 2U);
  EXPECT_EQ(events("/events?EXISTS_errorDeclaration=true", farm_).size(), 1U);
}

TEST_F(EpcisTest, ALongContextIsNotCopiedIntoAThousandEvents) {
  std::string context, list;
  for (int i = 0; i < 100; ++i)
    context += (i == 0 ? "\"p" : ",\"p") + std::to_string(i) + R"(":"http://x.example/)" +
               std::string(10'000, 'y') + "\"";
  for (int i = 0; i < 100; ++i)
    list += (i == 0 ? "" : ",") + std::string(R"({"eventID":"urn:x:)") + std::to_string(i) + "\"}";
  refuses(send("POST", "/capture", farm_,
               R"({"@context":[{)" + context +
                   R"(}],"type":"EPCISDocument","schemaVersion":"2.0",)"
                   R"("creationDate":"2026-06-01T00:00:00Z","epcisBody":{"eventList":[)" +
                   list + "]}}"),
          413, "CaptureLimitExceededException");
}

TEST_F(EpcisTest, NoPartyLearnsTheNamesOfAnother) {
  ASSERT_EQ(send("POST", "/queries", farm_, named_query("secret")).status, 201);
  EXPECT_EQ(send("POST", "/queries", maker_, named_query("secret")).status, 201);
  ASSERT_EQ(send("POST", "/queries/secret/subscriptions", farm_,
                 R"({"dest":"http://a.example/?key=1","schedule":{"hour":"1"}})")
                .status,
            201);
  EXPECT_EQ(send("GET", "/queries/secret/subscriptions", maker_).body, "[]");
  EXPECT_EQ(send("DELETE", "/queries/secret", maker_).status, 204);
  EXPECT_NE(send("GET", "/queries/secret/subscriptions", farm_).body, "[]");
}

// All subscriptions are read at each look, so none may be large.
TEST_F(EpcisTest, ASubscriptionIsSmall) {
  ASSERT_EQ(send("POST", "/queries", farm_, named_query("q")).status, 201);
  std::string minutes = "1";
  for (int i = 0; i < 20'000; ++i) minutes += ",1";
  refuses(send("POST", "/queries/q/subscriptions", farm_,
               R"({"dest":"http://a.example/","schedule":{"minute":")" + minutes + "\"}}"),
          400, "SubscriptionControlsException");
}

// A callback is given ten seconds to answer.
TEST_F(EpcisTest, ASlowCallbackKeepsNobodyElsesWaiting) {
  SilentCallback silent;
  PromptCallback prompt;
  for (const std::string name : {"a", "b", "c", "d"}) {
    ASSERT_EQ(send("POST", "/queries", farm_, named_query(name)).status, 201);
    ASSERT_EQ(send("POST", "/queries/" + name + "/subscriptions", farm_, stream_to(silent.url()))
                  .status,
              201);
  }
  ASSERT_EQ(send("POST", "/queries", maker_, named_query("z")).status, 201);
  ASSERT_EQ(send("POST", "/queries/z/subscriptions", maker_, stream_to(prompt.url())).status, 201);
  const auto begin = std::chrono::steady_clock::now();
  ASSERT_EQ(send("POST", "/events", open_, event_of("L1", "urn:uuid:1")).status, 201);
  const auto first = silent.taken();
  EXPECT_NE(prompt.body().find("urn:uuid:1"), std::string::npos);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(9));
}

}  // namespace
}  // namespace suyuan::test
