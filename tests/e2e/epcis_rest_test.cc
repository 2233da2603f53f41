// The EPCIS REST binding of a running node, as an existing client sees it.
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <future>
#include <thread>

#include "node/epcis/callback.h"
#include "tests/e2e/epcis_fixture.h"

namespace suyuan::test {
namespace {

TEST_F(EpcisTest, AnEventIsCapturedByTokenAndFoundInEverySpelling) {
  const auto posted = send("POST", "/events", open_, event_of("L1", "urn:uuid:1"));
  ASSERT_EQ(posted.status, 201) << posted.body;
  EXPECT_EQ(posted.header("location"), "/epcis/events/urn%3Auuid%3A1");
  for (const std::string& query :
       {"MATCH_anyEPCClass=" + percent_encode(kLot + "L1"),
        std::string("EQ_bizStep=https:%2F%2Fref.gs1.org%2Fcbv%2FBizStep-commissioning"),
        std::string("eventType=ObjectEvent%7CAggregationEvent&GE_quantity_KGM=100"),
        std::string("EQ_eventID=urn:uuid:1"),
        "MATCH_epcClass=" + percent_encode("https://id.gs1.org/01/" + kMilk + "*")}) {
    EXPECT_EQ(events("/events?" + query, "").size(), 1U) << query;
  }
  EXPECT_EQ(events("/events?EQ_bizStep=shipping", "").size(), 0U);
  const auto found = events("/events/urn%3Auuid%3A1", "");
  ASSERT_EQ(found.size(), 1U);
  EXPECT_TRUE(found[0].as_object().contains("recordTime"));
  EXPECT_EQ(found[0].at("suyuan:statedBy").as_string(), "farm");
  EXPECT_EQ(found[0].at("suyuan:statedThrough").as_string(), "gateway");
}

TEST_F(EpcisTest, TheSameEventAgainIsOneAndAnotherUnderItsIdIsAConflict) {
  ASSERT_EQ(send("POST", "/events", farm_, event_of("L1", "urn:uuid:1")).status, 201);
  EXPECT_EQ(send("POST", "/events", farm_, event_of("L1", "urn:uuid:1")).status, 201);
  EXPECT_EQ(events("/events", farm_).size(), 1U);
  refuses(send("POST", "/events", farm_, event_of("L2", "urn:uuid:1")), 409,
          "ResourceAlreadyExistsException");
}

// A second ledger with the same parties.
class OtherLedger final : public EpcisTest {
 public:
  HttpAnswer capture(const std::string& document) {
    return send("POST", "/capture", farm_, document);
  }
  json::value ended(const HttpAnswer& accepted) { return job(accepted, farm_); }
  json::array all() { return events("/events", farm_); }

 private:
  void TestBody() override {}
};

TEST_F(EpcisTest, AnAnsweredQueryIsCapturedAgainHereAndAtAnotherLedger) {
  const std::string more = R"(,"example:note":{"example:n":1.50})";
  ASSERT_EQ(send("POST", "/events", farm_, event_of("L1", "urn:uuid:1", more)).status, 201);
  ASSERT_EQ(send("POST", "/events", open_, event_of("L2", "urn:uuid:2", more)).status, 201);
  const auto first = events("/events", farm_);
  ASSERT_EQ(first.size(), 2U);
  const auto answer = send("GET", "/events", farm_);
  ASSERT_EQ(answer.status, 200) << answer.body;
  const auto again = job(send("POST", "/capture", farm_, answer.body), farm_);
  EXPECT_TRUE(again.at("success").as_bool()) << json::serialize(again);
  EXPECT_EQ(events("/events", farm_), first) << "known events are not captured twice";

  // A client of Cap'n Proto's has a thread of its own.
  std::thread([&answer] {
    OtherLedger other;
    const auto copied = other.ended(other.capture(answer.body));
    EXPECT_TRUE(copied.at("success").as_bool()) << json::serialize(copied);
    const auto copies = other.all();
    EXPECT_EQ(copies.size(), 2U);
    for (const auto& event : copies) {
      EXPECT_EQ(event.at("suyuan:statedBy").as_string(), "farm");
      EXPECT_EQ(event.at("example:note").at("example:n").as_double(), 1.5);
    }
  }).join();
}

TEST_F(EpcisTest, WhatIsForPartnersIsSeenByItsPartiesAlone) {
  ASSERT_EQ(send("POST", "/events", farm_, event_of("L1", "urn:uuid:1")).status, 201);
  EXPECT_EQ(events("/events", farm_).size(), 1U);
  EXPECT_EQ(events("/events", maker_).size(), 0U);
  EXPECT_EQ(events("/events", "").size(), 0U);
  EXPECT_EQ(send("GET", "/events/urn:uuid:1", maker_).status, 404);
  EXPECT_EQ(json::parse(send("GET", "/epcs", "").body).at("member").as_array().size(), 0U);
  EXPECT_EQ(json::parse(send("GET", "/epcs", farm_).body).at("member").as_array().size(), 1U);
  const auto said = send("POST", "/events", farm_, event_of("L2", "urn:uuid:2"),
                         {{"Suyuan-Audience", "public"}});
  ASSERT_EQ(said.status, 201) << said.body;
  EXPECT_EQ(events("/events", "").size(), 1U);
  const auto copy = event_of("L3", "urn:uuid:3", R"(,"suyuan:statedBy":"farm")");
  ASSERT_EQ(send("POST", "/events", open_, copy, {{"Suyuan-Audience", "public"}}).status, 201);
  EXPECT_EQ(events("/events", "").size(), 1U) << "of an answer, and it does not say public";
}

TEST_F(EpcisTest, ACaptureIsAJobThatNamesEachFault) {
  const auto whole = job(send("POST", "/capture", farm_,
                              document_of({event_of("L1", "urn:uuid:1"),
                                           event_of("L2", "urn:uuid:2")})),
                         farm_);
  EXPECT_TRUE(whole.at("success").as_bool()) << json::serialize(whole);
  const auto faulty = document_of({event_of("L3", "urn:uuid:3"),
                                   R"({"type":"ObjectEvent","action":"PUT"})"});
  const auto rolled_back = job(send("POST", "/capture", farm_, faulty), farm_);
  EXPECT_FALSE(rolled_back.at("success").as_bool());
  EXPECT_TRUE(std::string(rolled_back.at("errors").at(0).at("pointer").as_string())
                  .starts_with("/epcisBody/eventList/1"));
  EXPECT_EQ(events("/events", farm_).size(), 2U);
  const auto proceeded = job(send("POST", "/capture", farm_, faulty,
                                  {{"GS1-Capture-Error-Behaviour", "proceed"}}),
                             farm_);
  EXPECT_FALSE(proceeded.at("success").as_bool());
  EXPECT_EQ(events("/events", farm_).size(), 3U);
  EXPECT_EQ(json::parse(send("GET", "/capture", farm_).body).as_array().size(), 3U);
  EXPECT_EQ(json::parse(send("GET", "/capture", maker_).body).as_array().size(), 0U);
}

TEST_F(EpcisTest, ADocumentWithoutEventsIsAJobOfNone) {
  const auto none = job(send("POST", "/capture", farm_, document_of({})), farm_);
  EXPECT_TRUE(none.at("success").as_bool()) << json::serialize(none);
  EXPECT_EQ(none.at("errors").as_array().size(), 0U);
  EXPECT_EQ(events("/events", farm_).size(), 0U);
}

TEST_F(EpcisTest, PagesArePinnedToTheFirst) {
  for (int i = 0; i < 5; ++i) {
    const auto n = std::to_string(i);
    ASSERT_EQ(send("POST", "/events", farm_, event_of("L" + n, "urn:uuid:" + n)).status, 201);
  }
  std::string path = "/events?perPage=2";
  size_t seen = 0;
  for (int guard = 0; guard < 10 && !path.empty(); ++guard) {
    const auto answer = send("GET", path, farm_);
    ASSERT_EQ(answer.status, 200) << answer.body;
    seen += json::parse(answer.body)
                .at("epcisBody").at("queryResults").at("resultsBody").at("eventList").as_array()
                .size();
    const auto n = std::to_string(100 + guard);
    ASSERT_EQ(send("POST", "/events", farm_, event_of("L" + n, "urn:uuid:" + n)).status, 201);
    const std::string link = answer.header("link");
    path = link.empty() ? "" : link.substr(7, link.find('>') - 7);
    if (!path.empty()) {
      refuses(send("GET", path + "&EQ_action=ADD", farm_), 400, "QueryParameterException");
      refuses(send("GET", path, maker_), 400, "QueryParameterException");
    }
  }
  EXPECT_EQ(seen, 5U);
}

TEST_F(EpcisTest, APageTokenEndsWhenItIsGivenBack) {
  for (const char* n : {"1", "2", "3"}) {
    const std::string id = std::string("urn:uuid:") + n;
    ASSERT_EQ(send("POST", "/events", farm_, event_of(std::string("L") + n, id)).status, 201);
  }
  const auto next_of = [](const HttpAnswer& answer) {
    const std::string link = answer.header("link");
    return link.substr(7, link.find('>') - 7);
  };
  const std::string next = next_of(send("GET", "/events?perPage=1", farm_));
  const auto second = send("GET", next, farm_);
  ASSERT_EQ(second.status, 200) << second.body;
  const std::string token = next.substr(next.rfind('=') + 1);
  EXPECT_EQ(send("DELETE", "/nextPageToken/" + token, "").status, 204);
  EXPECT_EQ(send("DELETE", "/nextPageToken/" + token, "").status, 204) << "there is nothing now";
  EXPECT_EQ(send("DELETE", "/nextPageToken/none", "").status, 204);
  refuses(send("GET", next, farm_), 400, "QueryParameterException");
  EXPECT_EQ(send("GET", next_of(second), farm_).status, 200) << "the other goes on";
}

TEST_F(EpcisTest, RefusesWhatIsNoParameterAndSaysWhy) {
  refuses(send("GET", "/events?GE_eventDate=2026-01-01T00:00:00Z", ""), 400,
          "QueryParameterException");
  refuses(send("GET", "/events?EQ_action=SHIPPED", ""), 400, "QueryParameterException");
  refuses(send("GET", "/nothing", ""), 404, "NoSuchResourceException");
  refuses(send("GET", "/events", "syt_wrong"), 401, "SecurityException");
  refuses(send("POST", "/capture", "", "{}"), 401, "SecurityException");
  refuses(send("POST", "/capture", farm_, "<xml/>", {{"Content-Type", "application/xml"}}), 415,
          "UnsupportedMediaTypeException");
  const auto packed = send("POST", "/capture", farm_, "\x1F\x8B", {{"Content-Encoding", "gzip"}});
  refuses(packed, 415, "UnsupportedMediaTypeException");
  EXPECT_NE(packed.body.find("uncompressed"), std::string::npos) << packed.body;
  EXPECT_EQ(packed.header("accept-encoding"), "identity");
  refuses(send("POST", "/capture", farm_, "{}"), 400, "ValidationException");
  refuses(send("GET", "/events", "", "", {{"Accept", "application/xml"}}), 406,
          "NotAcceptableException");
  refuses(send("GET", "/events", "", "", {{"GS1-EPCIS-Min", "2.1.0"}}), 406,
          "NotAcceptableException");
  refuses(send("GET", "/events?EQ_eventID=" + std::string(9000, 'a'), ""), 414,
          "URITooLongException");
  EXPECT_EQ(send("PUT", "/events", "").status, 405);
}

TEST_F(EpcisTest, EveryAnswerNamesTheVersionsAndOptionsTellsMore) {
  const auto options = send("OPTIONS", "/capture", "");
  EXPECT_EQ(options.status, 204);
  EXPECT_EQ(options.header("gs1-epcis-version"), "2.0.0");
  EXPECT_EQ(options.header("gs1-epcis-capture-limit"), "1000");
  const auto limit_with = [this](const std::string& behaviour) {
    return send("OPTIONS", "/capture", "", "", {{"GS1-Capture-Error-Behaviour", behaviour}})
        .header("gs1-epcis-capture-file-size-limit");
  };
  EXPECT_EQ(options.header("gs1-epcis-capture-file-size-limit"), "1048576") << "of the default";
  EXPECT_EQ(limit_with("rollback"), "1048576");
  EXPECT_EQ(limit_with("proceed"), "8388608");
  EXPECT_EQ(options.header("allow"), "OPTIONS, POST, GET");
  EXPECT_EQ(send("GET", "", "").header("gs1-cbv-version"), "2.0.0");
}

TEST_F(EpcisTest, ListsValuesAndTheirEvents) {
  ASSERT_EQ(send("POST", "/events", open_, event_of("L1", "urn:uuid:1")).status, 201);
  EXPECT_EQ(json::parse(send("GET", "/eventTypes", "").body).at("member").as_array().size(), 5U);
  const std::string lot = percent_encode(kLot + "L1");
  EXPECT_EQ(json::parse(send("GET", "/epcs/" + lot, "").body).at("member").at(0).as_string(),
            "events");
  EXPECT_EQ(events("/epcs/" + lot + "/events", "").size(), 1U);
  EXPECT_EQ(events("/bizSteps/commissioning/events", "").size(), 1U);
  EXPECT_EQ(events("/dispositions/active/events?EQ_action=OBSERVE", "").size(), 0U);
  refuses(send("GET", "/bizSteps/commissioning/events?EQ_bizStep=shipping", ""), 400,
          "QueryParameterException");
  EXPECT_EQ(send("GET", "/readPoints/urn:x:nowhere", "").status, 404);
}

TEST_F(EpcisTest, TheCodesOwnAddressLeadsToItsEvents) {
  ASSERT_EQ(send("POST", "/events", open_, event_of("L1", "urn:uuid:1")).status, 201);
  for (const std::string& path : epcis_paths_of("/01/" + kMilk + "/10/L1")) {
    EXPECT_EQ(events(path, "").size(), 1U) << path;
  }
}

TEST_F(EpcisTest, NamedQueriesAreTheirPartysAlone) {
  ASSERT_EQ(send("POST", "/events", farm_, event_of("L1", "urn:uuid:1")).status, 201);
  const std::string query = R"({"name":"mine","query":{"EQ_bizStep":["commissioning"]}})";
  const auto made = send("POST", "/queries", farm_, query);
  ASSERT_EQ(made.status, 201) << made.body;
  EXPECT_EQ(made.header("location"), "/epcis/queries/mine");
  refuses(send("POST", "/queries", farm_, query), 409, "ResourceAlreadyExistsException");
  EXPECT_EQ(events("/queries/mine/events", farm_).size(), 1U);
  EXPECT_EQ(send("GET", "/queries/mine", maker_).status, 404);
  refuses(send("POST", "/queries", farm_, R"({"name":"bad","query":{"EQ_nothing":1}})"), 400,
          "QueryParameterException");
  EXPECT_EQ(send("DELETE", "/queries/mine", farm_).status, 204);
  EXPECT_EQ(send("GET", "/queries/mine", farm_).status, 404);
}

TEST_F(EpcisTest, AnswersInTheFormatThatIsAskedFor) {
  std::string event = event_of("L9", "urn:uuid:9");
  const std::string urn = "urn:epc:class:lgtin:9521101.010001.L9";
  event.replace(event.find(kLot + "L9"), kLot.size() + 2, urn);
  ASSERT_EQ(send("POST", "/events", farm_, event).status, 201);
  const auto code = [&](const std::string& format) {
    const auto answer = send("GET", "/events/urn:uuid:9", farm_, "", {{"GS1-EPC-Format", format}});
    const auto value = json::parse(answer.body);
    return std::string(value.at("epcisBody").at("queryResults").at("resultsBody").at("eventList")
                           .at(0).at("quantityList").at(0).at("epcClass").as_string());
  };
  EXPECT_EQ(code("Always_GS1_Digital_Link"), kLot + "L9");
  EXPECT_EQ(code("Always_EPC_URN"), urn);
  EXPECT_EQ(code("Never_Translates"), urn);
  EXPECT_EQ(events("/events?MATCH_epcClass=" + percent_encode(kLot + "L9"), farm_).size(), 1U);
  EXPECT_EQ(send("GET", "/events", "", "", {{"GS1-EPC-Format", "Sometimes"}}).status, 406);
}

// A subscriber's callback: takes one report.
class Callback {
 public:
  Callback() : acceptor_(io_, {boost::asio::ip::make_address("127.0.0.1"), 0}) {
    report_ = std::async(std::launch::async, [this] {
      boost::asio::ip::tcp::socket socket(io_);
      acceptor_.accept(socket);
      boost::beast::flat_buffer buffer;
      boost::beast::http::request<boost::beast::http::string_body> request;
      boost::beast::http::read(socket, buffer, request);
      boost::beast::http::response<boost::beast::http::empty_body> ok{
          boost::beast::http::status::ok, 11};
      ok.prepare_payload();
      boost::beast::http::write(socket, ok);
      return std::make_pair(std::string(request["GS1-Signature"]), request.body());
    });
  }
  std::string url() const {
    return "http://127.0.0.1:" + std::to_string(acceptor_.local_endpoint().port()) + "/callback";
  }
  // Signature and body.
  std::pair<std::string, std::string> report() { return report_.get(); }

 private:
  boost::asio::io_context io_;
  boost::asio::ip::tcp::acceptor acceptor_;
  std::future<std::pair<std::string, std::string>> report_;
};

TEST_F(EpcisTest, ASubscriptionReportsWhatComesAndSignsIt) {
  Callback callback;
  ASSERT_EQ(send("POST", "/queries", farm_,
                 R"({"name":"all","query":{"EQ_bizStep":["commissioning"]}})")
                .status,
            201);
  const std::string path = "/queries/all/subscriptions";
  refuses(send("POST", path, farm_, R"({"dest":"http://10.0.0.1/","stream":true})"), 400,
          "SubscriptionControlsException");
  refuses(send("POST", path, farm_, R"({"dest":"http://a.example/"})"), 400,
          "SubscriptionControlsException");
  const auto made = send("POST", path, farm_,
                         R"({"dest":")" + callback.url() +
                             R"(","signatureToken":"secret","stream":true})");
  ASSERT_EQ(made.status, 201) << made.body;
  EXPECT_EQ(made.body.find("secret"), std::string::npos);
  ASSERT_EQ(send("POST", "/events", farm_, event_of("L1", "urn:uuid:1")).status, 201);
  const auto [signature, body] = callback.report();
  EXPECT_EQ(signature, epcis::signature_of("secret", body));
  const auto results = json::parse(body).at("epcisBody").at("queryResults");
  EXPECT_EQ(results.at("queryName").as_string(), "all");
  EXPECT_EQ(results.at("resultsBody").at("eventList").at(0).at("eventID").as_string(),
            "urn:uuid:1");
  const std::string one = made.header("location").substr(6);
  EXPECT_EQ(send("GET", one, farm_).status, 200);
  EXPECT_EQ(send("DELETE", one, farm_).status, 204);
  EXPECT_EQ(send("GET", one, farm_).status, 404);
}

}  // namespace
}  // namespace suyuan::test
