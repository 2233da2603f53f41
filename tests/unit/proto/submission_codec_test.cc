#include "proto/submission_codec.h"

#include <capnp/message.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "ledger/base/limits.h"
#include "ledger/batch/sign.h"
#include "ledger/event/codes_of.h"
#include "proto/event_codec.h"
#include "proto/registry_codec.h"
#include "proto/rpc_codec.h"
#include "tests/support/random_event.h"

namespace suyuan {
namespace {

using testing::Random;

constexpr uint64_t kSubmissionSeed = 20260602;

TraceEvent event_number(int n) {
  TraceEvent event;
  event.objects = {{.code = "https://id.gs1.org/01/09521104301011/21/" + std::to_string(n)}};
  event.step = "shipping";
  return event;
}

Submission signed_batch(std::vector<UnsignedEvent> events,
                        PayloadType type = PayloadType::event_capnp) {
  Random random(kSubmissionSeed);
  const KeyPair pair = key_from_seed(random.bytes(kSeedBytes));
  const LedgerId ledger{.origin = "example.org/log", .genesis = random.fixed<Hash>()};
  return sign_batch(ledger, type, std::move(events), 1, random.fixed<Nonce>(),
                    {.party = "nz-mfr", .secret = pair.secret, .key = pair.key})
      .value();
}

Submission three_events() {
  Random random(kSubmissionSeed);
  std::vector<UnsignedEvent> events;
  for (int i = 0; i < 3; ++i) {
    const TraceEvent event = event_number(i);
    EventBody body{.salt = random.fixed<Salt>(), .payload = encode_event(event)};
    if (i == 1) body.sections = {{.salt = random.fixed<Salt>(), .bytes = "sealed"}};
    events.push_back({.body = std::move(body), .codes = codes_of(event)});
  }
  return signed_batch(std::move(events));
}

Error first_error(const Results<DecodedBatch>& decoded) {
  return decoded ? Error{.code = Code::NOT_FOUND, .message = "no error"} : decoded.error().front();
}

bool same(const Submission& a, const Submission& b) {
  return a.note == b.note && a.events == b.events;
}

TEST(DecodeBatch, GivesEachEventsValueInOrder) {
  const auto decoded = decode_batch(three_events());
  ASSERT_TRUE(decoded) << to_text(decoded.error().front());
  EXPECT_EQ(decoded->note.batch.party, "nz-mfr");
  ASSERT_EQ(decoded->values.size(), 3U);
  EXPECT_EQ(std::get<TraceEvent>(decoded->values[2]), event_number(2));
  EXPECT_TRUE(same(decoded->submission, three_events()));
}

TEST(DecodeBatch, ReadsRegistryActsByTheNotesType) {
  Random random(kSubmissionSeed);
  const RegistryEvent act = EndDelegation{.party = "a", .signer = "b"};
  const auto decoded = decode_batch(
      signed_batch({{.body = {.salt = random.fixed<Salt>(), .payload = encode_registry(act)},
                     .codes = {code_of(act)}}},
                   PayloadType::registry_capnp));
  ASSERT_TRUE(decoded);
  EXPECT_EQ(std::get<RegistryEvent>(decoded->values[0]), act);
}

TEST(DecodeBatch, NamesEveryFaultyEvent) {
  Submission batch = three_events();
  batch.events[0].payload = "short";
  batch.events[2].payload += Bytes(8, '\0');
  const auto decoded = decode_batch(std::move(batch));
  ASSERT_FALSE(decoded);
  ASSERT_EQ(decoded.error().size(), 2U);
  EXPECT_EQ(decoded.error()[0].code, Code::MALFORMED_EVENT);
  EXPECT_EQ(decoded.error()[0].event, 0);
  EXPECT_EQ(decoded.error()[1].code, Code::NOT_CANONICAL);
  EXPECT_EQ(decoded.error()[1].event, 2);
}

TEST(DecodeBatch, ListsABoundedNumberOfFaults) {
  Submission batch = three_events();
  batch.events.resize(200, batch.events[0]);
  for (auto& event : batch.events) event.payload = "short";
  const auto decoded = decode_batch(std::move(batch));
  ASSERT_FALSE(decoded);
  EXPECT_EQ(decoded.error().size(), limits::kErrorsPerBatchMax);
}

TEST(DecodeBatch, RefusesABatchWithoutEvents) {
  Submission batch = three_events();
  batch.events.clear();
  EXPECT_EQ(first_error(decode_batch(std::move(batch))).code, Code::MALFORMED_SUBMISSION);
}

TEST(DecodeBatch, RefusesMoreEventsThanABatchHolds) {
  Submission batch = three_events();
  batch.events.resize(limits::kBatchEventsMax + 1);
  EXPECT_EQ(first_error(decode_batch(std::move(batch))).code, Code::TOO_MANY);
}

TEST(DecodeBatch, RefusesMoreBytesThanABatchHolds) {
  Submission batch = three_events();
  for (auto& event : batch.events) event.payload.resize(limits::kPayloadBytesMax);
  EXPECT_EQ(first_error(decode_batch(std::move(batch))).code, Code::TOO_LARGE);
}

TEST(DecodeBatch, RefusesASectionAboveItsLimitAndNamesIt) {
  Submission batch = three_events();
  batch.events[1].sections[0].bytes.resize(limits::kSectionBytesMax + 1);
  const Error error = first_error(decode_batch(std::move(batch)));
  EXPECT_EQ(error.code, Code::TOO_LARGE);
  EXPECT_EQ(error.event, 1);
  EXPECT_EQ(error.field, "sections[0]");
}

TEST(DecodeBatch, RefusesANoteThatIsNone) {
  Submission batch = three_events();
  batch.note = "hello\n";
  EXPECT_EQ(first_error(decode_batch(std::move(batch))).code, Code::NOTE_SYNTAX);
}

TEST(DecodeBatch, NamesEveryFaultOfAnEpcisEventByItsPlace) {
  Submission batch = three_events();
  const std::string from = "application/vnd.suyuan.event+capnp";
  batch.note.replace(batch.note.find(from), from.size(), "application/ld+json");
  batch.events[0].payload = "{}";
  batch.events[1].payload =
      R"({"@context":"https://ref.gs1.org/standards/epcis/epcis-context.jsonld",)"
      R"("type":"ObjectEvent","eventTime":"yesterday","epcList":["urn:x"],"action":"LOOK"})";
  const auto decoded = decode_batch(std::move(batch));
  ASSERT_FALSE(decoded);
  std::vector<std::pair<int, std::string>> found;
  for (const Error& error : decoded.error()) found.emplace_back(error.event, error.field);
  EXPECT_EQ(found[0], std::pair(0, std::string("/@context")));
  EXPECT_EQ(found[1], std::pair(1, std::string("/eventTime")));
  EXPECT_NE(std::ranges::find(found, std::pair(1, std::string("/action"))), found.end());
}

TEST(FlatSubmission, ComesBackEqual) {
  const auto decoded = decode_submission(encode_submission(three_events()));
  ASSERT_TRUE(decoded) << to_text(decoded.error());
  EXPECT_TRUE(same(*decoded, three_events()));
}

TEST(FlatSubmission, TheLargestBatchComesBackEqual) {
  Random random(kSubmissionSeed);
  Submission batch{.note = std::string(limits::kNoteBytesMax, 'n'), .events = {}};
  for (size_t i = 0; i < limits::kBatchEventsMax; ++i) {
    batch.events.push_back({.salt = random.fixed<Salt>(), .payload = random.bytes(200)});
  }
  const auto decoded = decode_submission(encode_submission(batch));
  ASSERT_TRUE(decoded) << to_text(decoded.error());
  EXPECT_TRUE(same(*decoded, batch));
}

TEST(FlatSubmission, EveryTruncationIsRefused) {
  const Bytes flat = encode_submission(three_events());
  for (size_t size = 0; size < flat.size(); ++size) {
    const auto decoded = decode_submission(BytesView(flat).substr(0, size));
    EXPECT_FALSE(decoded) << size;
  }
}

TEST(FlatSubmission, FlippedBitsNeverCrash) {
  const Bytes flat = encode_submission(three_events());
  size_t refused = 0;
  for (size_t bit = 0; bit < flat.size() * 8; ++bit) {
    Bytes flipped = flat;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << (bit % 8)));
    if (!decode_submission(flipped)) ++refused;
  }
  EXPECT_GT(refused, 0U);
}

TEST(RpcSubmission, RefusesASaltOfAnotherSizeAndNamesItsEvent) {
  capnp::MallocMessageBuilder message;
  auto root = message.initRoot<wire::Submission>();
  to_wire(three_events(), root);
  root.getEvents()[1].initSalt(31);
  const auto submission = from_wire(root.asReader());
  ASSERT_FALSE(submission);
  EXPECT_EQ(submission.error().code, Code::MALFORMED_SUBMISSION);
  EXPECT_EQ(submission.error().event, 1);
  EXPECT_EQ(submission.error().field, "salt");
}

TEST(RpcSubmission, RefusesAPayloadAboveItsLimitWithoutCopyingIt) {
  capnp::MallocMessageBuilder message;
  auto root = message.initRoot<wire::Submission>();
  to_wire(three_events(), root);
  root.getEvents()[2].initPayload(limits::kPayloadBytesMax + 1);
  const auto submission = from_wire(root.asReader());
  ASSERT_FALSE(submission);
  EXPECT_EQ(submission.error().code, Code::TOO_LARGE);
  EXPECT_EQ(submission.error().event, 2);
}

}  // namespace
}  // namespace suyuan
