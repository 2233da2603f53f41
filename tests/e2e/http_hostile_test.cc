// HTTP clients that break the form or do not end, and attachments with permits of every kind.
#include <gtest/gtest.h>

#include "ledger/base/text.h"
#include "ledger/crypto/hash.h"
#include "proto/json/submission_json.h"
#include "tests/e2e/refusal_rows.h"
#include "tests/e2e/session_fixture.h"

namespace suyuan::test {
namespace {

class HostileHttpTest : public ::testing::Test {
 protected:
  explicit HostileHttpTest(ServeOptions options = without_seals()) : ledger_(std::move(options)) {}

  // Bytes on a connection of their own, and what comes back.
  std::optional<HttpAnswer> raw(const std::string& bytes) {
    HttpClient client(ledger_.running().http_port());
    client.write(bytes);
    return client.read();
  }
  void expect_alive() { EXPECT_EQ(ledger_.http().get("/healthz").status, 200); }

  SmallLedger ledger_;
};

TEST_F(HostileHttpTest, AHeaderOf20KiBIsTooLarge) {
  const auto answer =
      raw("GET /healthz HTTP/1.1\r\nHost: x\r\nX: " + std::string(20 << 10, 'a') + "\r\n\r\n");
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 413);
  expect_alive();
}

TEST_F(HostileHttpTest, ABodyOf20MiBIsTooLargeBeforeItIsSent) {
  const auto answer =
      raw("POST /v1/batches HTTP/1.1\r\nHost: x\r\nContent-Type: "
          "application/json\r\nContent-Length: 20971520\r\n\r\n");
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 413);
  expect_alive();
}

TEST_F(HostileHttpTest, WhatIsNoHttpIsABadRequest) {
  for (const std::string bytes :
       {"\x16\x03\x01\x02\r\n\r\n", "GET\r\n\r\n", "GET /healthz HTTP/9.9\r\n\r\n",
        "GET /healthz HTTP/1.1\r\nContent-Length: x\r\n\r\n", "GET healthz HTTP/1.1\r\n\r\n"}) {
    const auto answer = raw(bytes);
    ASSERT_TRUE(answer) << bytes;
    EXPECT_EQ(answer->status, 400) << bytes << answer->body;
  }
  expect_alive();
}

TEST_F(HostileHttpTest, SlowAndHalfOpenClientsBlockNobody) {
  std::vector<std::unique_ptr<HttpClient>> slow;
  for (int i = 0; i < 100; ++i) {
    auto client = std::make_unique<HttpClient>(ledger_.running().http_port());
    client->write(i % 2 == 0
                      ? "GET /healthz HT"
                      : "POST /v1/batches HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{");
    slow.push_back(std::move(client));
  }
  for (int i = 0; i < 20; ++i) expect_alive();
  slow[0]->write("TP/1.1\r\nHost: x\r\n\r\n");  // The slowest is served too.
  const auto answer = slow[0]->read();
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 200);
}

TEST_F(HostileHttpTest, ADeepJsonIsRefusedWithoutRecursion) {
  const auto answer = ledger_.http().post("/v1/batches", std::string(1 << 20, '['));
  EXPECT_EQ(answer.status, 413) << answer.body;
  expect_alive();
}

class AttachmentTest : public HostileHttpTest {
 protected:
  using HostileHttpTest::HostileHttpTest;
  struct Permit {
    std::string party = "farm";
    std::string act = "put";
    std::string until = "2026-06-02T00:30:00Z";
    std::string signed_by = "farm";
    std::string key = "farm";
  };
  std::string header(const Permit& permit, const Hash& name) {
    const std::string text = "suyuan/attachment/v1\nledger " + ledger_.id().line() + "\nparty " +
                             permit.party + "\nact " + permit.act + "\nsha256 " +
                             to_hex(name.view()) + "\nuntil " +
                             std::to_string(testing::ms(permit.until)) + "\n";
    const auto& pair = ledger_.key(permit.key).pair;
    SignedNote note{.text = text,
                    .signatures = {sign_note(text, permit.signed_by, pair.secret, pair.key)}};
    return "Suyuan-Note " + to_base64(write_note(note));
  }
  HttpAnswer put(const std::string& bytes, const Permit& permit,
                 const std::string& type = "text/plain") {
    return ledger_.http().send(
        {.method = "PUT",
         .target = target(sha256(bytes)),
         .body = bytes,
         .headers = {{"Content-Type", type}, {"Authorization", header(permit, sha256(bytes))}}});
  }
  HttpAnswer get(const std::string& bytes, const std::string& authorization) {
    return ledger_.http().send(
        {.target = target(sha256(bytes)), .headers = {{"Authorization", authorization}}});
  }
  HttpAnswer get(const std::string& bytes) {
    return get(bytes, header({.act = "get"}, sha256(bytes)));
  }
  static std::string target(const Hash& name) { return "/v1/attachments/" + to_hex(name.view()); }
  void refuses(const HttpAnswer& answer, Code code) {
    const auto heard = heard_over_http(answer);
    ASSERT_FALSE(heard.errors.empty()) << answer.status << answer.body;
    EXPECT_EQ(info(heard.errors[0].code).name, info(code).name) << answer.body;
    EXPECT_EQ(answer.status, info(code).http_status);
  }
  const std::string bytes_ = "a certificate";
};

TEST_F(AttachmentTest, WhatWasPutIsGot) {
  EXPECT_EQ(put(bytes_, {}).status, 201);
  EXPECT_EQ(put(bytes_, {}).status, 201);  // again
  const auto answer = get(bytes_);
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, bytes_);
  EXPECT_EQ(answer.header("content-type"), "text/plain");
  EXPECT_EQ(answer.header("x-content-type-options"), "nosniff");
}

TEST_F(AttachmentTest, AnyRegisteredPartyReadsIt) {
  ASSERT_EQ(put(bytes_, {}).status, 201);
  const Permit other{.party = "maker", .act = "get", .signed_by = "maker", .key = "maker"};
  EXPECT_EQ(get(bytes_, header(other, sha256(bytes_))).status, 200);
}

// As of what a session opens: docs/access.md.
TEST_F(AttachmentTest, EveryReadIsInTheAccessLog) {
  ASSERT_EQ(put(bytes_, {}).status, 201);
  const Permit maker{.party = "maker", .act = "get", .signed_by = "maker", .key = "maker"};
  ASSERT_EQ(get(bytes_, header(maker, sha256(bytes_))).status, 200);
  refuses(get(bytes_, header({.act = "get", .key = "maker"}, sha256(bytes_))), Code::KEY_UNKNOWN);
  const auto answer =
      get_as(ledger_, "/v1/access?after=0", token_over_http(ledger_, "registrar"));
  ASSERT_EQ(answer.status, 200) << answer.body;
  const auto page = boost::json::parse(answer.body);
  const auto& entries = page.at("access").at("entries").as_array();
  ASSERT_EQ(entries.size(), 1U) << answer.body;
  const auto text = [&](const char* name) { return entries[0].at(name).as_string(); };
  EXPECT_EQ(text("party"), "maker");
  EXPECT_EQ(text("keyId"), key_id_text(key_id("maker", ledger_.key("maker").pair.key)));
  EXPECT_EQ(text("question"), "attachment");
  EXPECT_EQ(text("code"), to_hex(sha256(bytes_).view()));
}

TEST_F(AttachmentTest, NobodyReadsItWithoutAPermit) {
  ASSERT_EQ(put(bytes_, {}).status, 201);
  refuses(ledger_.http().get(target(sha256(bytes_))), Code::SIGNATURE_LINES);
  refuses(get(bytes_, "Suyuan-Note !"), Code::SIGNATURE_LINES);
  refuses(get(bytes_, "Bearer x"), Code::SIGNATURE_LINES);
  refuses(get(bytes_, header({.act = "put"}, sha256(bytes_))), Code::SIGNATURE_INVALID);
  refuses(get(bytes_, header({.act = "get"}, sha256("other"))), Code::SIGNATURE_INVALID);
}

TEST_F(AttachmentTest, ABadPermitPutsNothing) {
  refuses(put(bytes_, {.until = "2026-06-01T23:59:59Z"}), Code::BATCH_EXPIRED);
  refuses(put(bytes_, {.until = "2026-06-02T01:00:01Z"}), Code::BATCH_EXPIRED);
  refuses(put(bytes_, {.party = "stranger", .signed_by = "stranger", .key = "stranger"}),
          Code::PARTY_UNKNOWN);
  refuses(put(bytes_, {.signed_by = "maker", .key = "maker"}), Code::SIGNATURE_LINES);
  refuses(put(bytes_, {.key = "maker"}), Code::KEY_UNKNOWN);
  refuses(put(bytes_, {.party = "retired", .signed_by = "retired", .key = "retired"}),
          Code::KEY_NOT_IN_FORCE);
  refuses(get(bytes_), Code::NOT_FOUND);
}

class AttachmentsOfAMebibyte : public AttachmentTest {
 protected:
  AttachmentsOfAMebibyte() : AttachmentTest(options()) {}
  static ServeOptions options() {
    ServeOptions chosen = without_seals();
    chosen.attachments.party_mib = 1;
    return chosen;
  }
};

TEST_F(AttachmentsOfAMebibyte, NoPartyFillsTheDiskAndNobodyElsePaysForIt) {
  const std::string large(700 << 10, 'a');
  const std::string other(700 << 10, 'b');
  const Permit maker{.party = "maker", .signed_by = "maker", .key = "maker"};
  ASSERT_EQ(put(large, {}).status, 201);
  const auto refused = put(other, {});
  refuses(refused, Code::QUOTA_EXCEEDED);
  EXPECT_EQ(refused.status, 507);
  EXPECT_NE(refused.body.find("'farm' has put 700 KiB"), std::string::npos) << refused.body;
  refuses(get(other), Code::NOT_FOUND);
  EXPECT_EQ(put(large, {}).status, 201) << "it is there already, and counts once";
  EXPECT_EQ(put(bytes_, {}).status, 201) << "there is room for a small one";
  EXPECT_EQ(put(other, maker).status, 201);
  const auto metrics = ledger_.http().get("/metrics").body;
  EXPECT_NE(metrics.find("suyuan_attachments_refused_total 1"), std::string::npos) << metrics;
  // The log goes on.
  const std::string can = testing::code("sgtin:" + kFormula + ":A1");
  ledger_.accept("maker", {testing::commission("09:30", {can})});
}

class AttachmentsReadTwice : public AttachmentTest {
 protected:
  AttachmentsReadTwice() : AttachmentTest(options()) {}
  static ServeOptions options() {
    ServeOptions chosen = without_seals();
    chosen.quotas.party_reads = 2;
    return chosen;
  }
};

TEST_F(AttachmentsReadTwice, AMinuteAreTheMostOfAPartyAndNobodyElsePaysForIt) {
  ASSERT_EQ(put(bytes_, {}).status, 201);
  EXPECT_EQ(get(bytes_).status, 200);
  EXPECT_EQ(get(bytes_).status, 200);
  const auto limited = get(bytes_);
  refuses(limited, Code::RATE_LIMITED);
  EXPECT_EQ(limited.header("retry-after"), "30");
  const Permit maker{.party = "maker", .act = "get", .signed_by = "maker", .key = "maker"};
  EXPECT_EQ(get(bytes_, header(maker, sha256(bytes_))).status, 200);
}

class AttachmentsOfAnAddress : public AttachmentTest {
 protected:
  AttachmentsOfAnAddress() : AttachmentTest(options()) {}
  static ServeOptions options() {
    ServeOptions chosen = without_seals();
    chosen.quotas = {.client_reads = 3, .party_reads = 0, .proxies = {"127.0.0.1"}};
    return chosen;
  }
};

TEST_F(AttachmentsOfAnAddress, CountForItUnlessAPermitSaysWhoReads) {
  ASSERT_EQ(put(bytes_, {}).status, 201);
  for (int i = 0; i < 10; ++i) EXPECT_EQ(get(bytes_).status, 200);
  const std::string forged = header({.act = "get", .key = "maker"}, sha256(bytes_));
  for (int i = 0; i < 2; ++i) refuses(get(bytes_, forged), Code::KEY_UNKNOWN);
  const auto limited = get(bytes_, forged);
  refuses(limited, Code::RATE_LIMITED);
  EXPECT_EQ(limited.header("retry-after"), "20");
}

class AttachmentsOfAnAddressAndAParty : public AttachmentTest {
 protected:
  AttachmentsOfAnAddressAndAParty() : AttachmentTest(options()) {}
  static ServeOptions options() {
    ServeOptions chosen = without_seals();
    chosen.quotas = {.client_reads = 4, .party_reads = 2, .proxies = {"127.0.0.1"}};
    return chosen;
  }
};

// Else who holds one permit could have signatures verified without limit.
TEST_F(AttachmentsOfAnAddressAndAParty, AReadBeyondThePartysLimitCountsForItsAddress) {
  ASSERT_EQ(put(bytes_, {}).status, 201);
  for (int i = 0; i < 2; ++i) EXPECT_EQ(get(bytes_).status, 200);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(get(bytes_).header("retry-after"), "30");
  EXPECT_EQ(get(bytes_).header("retry-after"), "15") << "the address's own limit";
}

TEST_F(AttachmentTest, OnlyWhatNoBrowserRunsIsKept) {
  refuses(put("<script>", {}, "text/html"), Code::UNSUPPORTED_TYPE);
  refuses(put("<svg/>", {}, "image/svg+xml"), Code::UNSUPPORTED_TYPE);
  refuses(put("x", {}, ""), Code::UNSUPPORTED_TYPE);
}

TEST_F(AttachmentTest, SixteenMiBAreTakenAndOneByteMoreIsNot) {
  const std::string most(16 << 20, 'x');
  EXPECT_EQ(put(most, {}).status, 201);
  EXPECT_EQ(get(most).body.size(), most.size());
  refuses(put(most + "x", {}), Code::TOO_LARGE);
}

}  // namespace
}  // namespace suyuan::test
