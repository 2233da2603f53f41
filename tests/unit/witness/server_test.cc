#include "client/witness/server.h"

#include <gtest/gtest.h>

#include <random>
#include <thread>

#include "ledger/base/text.h"
#include "tests/e2e/http_client.h"
#include "tests/support/vectors.h"
#include "tests/support/witness_process.h"
#include "tests/unit/proof/keys.h"
#include "tests/unit/witness/folder.h"

namespace suyuan {
namespace {

using test::HttpClient;
using testing::Folder;
using testing::leaves_of;
using testing::naive_consistency;
using testing::signed_checkpoint;
using testing::text_of;
using testing::the_log;
using testing::WitnessProcess;

test::HttpAnswer add(HttpClient& http, const std::string& body) {
  return http.send({.method = "POST", .target = "/add-checkpoint", .body = body});
}

std::string witness_body(testing::HashSpan leaves, size_t older, size_t newer) {
  AddCheckpoint request{.old_size = older, .proof = {}, .note = signed_checkpoint(leaves, newer)};
  if (older > 0 && older < newer) request.proof = naive_consistency(leaves.first(newer), older);
  return write_add_checkpoint(request);
}

class Served : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(make_witness(folder_.path(), "example.com/witness"));
    ASSERT_TRUE(watch_log(folder_.path(), the_log().vkey(NoteKeyType::ed25519)));
  }
  Folder folder_;
  const testing::Hashes leaves_ = leaves_of(20);
};

TEST_F(Served, TheSharedSequenceIsAnsweredAsTheirs) {
  SUYUAN_SHARED_VECTORS(file, "vectors/witness/add-checkpoint-sequence.json");
  ASSERT_TRUE(watch_log(folder_.path(), text_of(file.at("log_vkey"))));
  WitnessProcess witness(folder_.path());
  HttpClient http(witness.port());
  for (const auto& one : file.at("cases").as_array()) {
    const auto answer = add(http, text_of(one.at("request_body")));
    EXPECT_EQ(answer.status, one.at("want_status").to_number<int>()) << one.at("name");
    EXPECT_NE(answer.body.find(text_of(one.at("want_body_contains"))), std::string::npos)
        << one.at("name") << answer.body;
    if (answer.status == 409) {
      EXPECT_EQ(answer.header("content-type"), "text/x.tlog.size");
    }
  }
  const auto monitored =
      http.get("/" + to_hex(sha256(text_of(file.at("log_origin"))).view()) + "/checkpoint");
  EXPECT_EQ(monitored.status, 200);
  EXPECT_NE(monitored.body.find("\n5\n"), std::string::npos);
}

TEST_F(Served, AnswersOnlyItsTwoPaths) {
  WitnessProcess witness(folder_.path());
  HttpClient http(witness.port());
  EXPECT_EQ(http.get("/").status, 404);
  EXPECT_EQ(http.get("/add-checkpoint").status, 405);
  EXPECT_EQ(http.get("/../checkpoint").status, 404);
  const std::string known = "/" + to_hex(sha256(the_log().name).view()) + "/checkpoint";
  EXPECT_EQ(http.get(known).status, 404);
  EXPECT_EQ(add(http, witness_body(leaves_, 0, 3)).status, 200);
  EXPECT_EQ(http.get(known).status, 200);
  EXPECT_EQ(http.send({.method = "PUT", .target = known}).status, 405);
}

TEST_F(Served, BoundsWhatItReads) {
  WitnessProcess witness(folder_.path());
  HttpClient http(witness.port());
  EXPECT_EQ(add(http, std::string(80 << 10, 'x')).status, 413);
  http.close();
  HttpClient odd(witness.port());
  odd.write("nonsense\r\n\r\n");
  const auto answer = odd.read();
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 400);
  odd.close();
  EXPECT_EQ(add(http, witness_body(leaves_, 0, 3)).status, 200);
}

TEST_F(Served, BoundsAChunksFirstLine) {
  WitnessProcess witness(folder_.path());
  HttpClient endless(witness.port());
  endless.write("POST /add-checkpoint HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1;" +
                std::string((8 << 10) - 2, 'x'));
  const auto answer = endless.read();
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 413);
}

// Each piece ends one byte into the next field: Beast takes all before it, and forgets its size.
TEST_F(Served, BoundsAHeadThatComesFieldByField) {
  constexpr size_t kHeaderBytesMax = 8 << 10;
  WitnessProcess witness(folder_.path());
  HttpClient patient(witness.port());
  std::string piece = "GET / HTTP/1.1\r\nA";
  for (size_t sent = 0; sent <= kHeaderBytesMax; sent += piece.size()) {
    if (sent > 0) piece = ": " + std::string(400, 'b') + "\r\nA";
    patient.write(piece);
    std::this_thread::sleep_for(std::chrono::milliseconds(5));  // so that it is read as one
  }
  const auto answer = patient.read();
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 413);
}

TEST_F(Served, AHeadThatComesByteAfterByteIsRead) {
  WitnessProcess witness(folder_.path());
  HttpClient slow(witness.port());
  const std::string whole = "GET /none HTTP/1.1\r\nHost: x\r\n\r\n";
  for (const char byte : whole) slow.write({&byte, 1});
  const auto answer = slow.read();
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 404);
}

TEST_F(Served, AFullHouseClosesTheNewestAndServesOn) {
  WitnessProcess witness(folder_.path());
  std::vector<std::unique_ptr<HttpClient>> crowd;
  for (int i = 0; i < 300; ++i) {
    crowd.push_back(std::make_unique<HttpClient>(witness.port()));
    crowd.back()->write("POST /add-checkpoint HTTP/1.1\r\n");
  }
  crowd.clear();
  HttpClient http(witness.port());
  EXPECT_EQ(add(http, witness_body(leaves_, 0, 3)).status, 200);
}

// Whatever it cosigned before it was killed, it never cosigns a smaller or another tree after it.
TEST_F(Served, NeverContradictsItselfAfterAKill) {
  const uint32_t seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  const auto leaves = leaves_of(400);
  const auto other = leaves_of(400, "another-");
  size_t cosigned = 0;
  for (int round = 0; round < 20; ++round) {
    WitnessProcess witness(folder_.path());
    HttpClient http(witness.port());
    // It may have kept one more than we heard of.
    const std::string known = "/" + to_hex(sha256(the_log().name).view()) + "/checkpoint";
    size_t kept = 0;
    if (const auto note = http.get(known); note.status == 200) {
      kept = parse_checkpoint(split_note(note.body)->text)->head.size;
    }
    ASSERT_GE(kept, cosigned);
    ASSERT_LE(kept, cosigned + 1);
    cosigned = kept;
    if (kept > 0) {
      EXPECT_EQ(add(http, witness_body(other, kept, kept)).status, 422);
      EXPECT_EQ(add(http, witness_body(other, kept, kept + 1)).status, 422);
      EXPECT_EQ(add(http, witness_body(leaves, kept - 1, kept)).status, 409);
    }
    const auto delay = std::chrono::microseconds(random() % 20'000);
    std::thread killer([&] {
      std::this_thread::sleep_for(delay);
      witness.end(SIGKILL);
    });
    try {
      while (cosigned < leaves.size()) {
        const auto answer = add(http, witness_body(leaves, cosigned, cosigned + 1));
        if (answer.status != 200) break;
        ++cosigned;
      }
    } catch (const std::exception&) {
      // The kill.
    }
    killer.join();
  }
  RecordProperty("cosigned", static_cast<int>(cosigned));
}

}  // namespace
}  // namespace suyuan
