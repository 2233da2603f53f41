// What batches hold is what they are charged for, and what was freed goes back to the system.
#include "node/upkeep/memory.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "node/pipeline/memory_reservation.h"
#include "proto/event_codec.h"
#include "proto/jsontext/document.h"
#include "proto/registry_codec.h"
#include "proto/submission_codec.h"
#include "tests/support/ledger_builder.h"

namespace suyuan {
namespace {

constexpr uint64_t kOneMiB = uint64_t{1} << 20;

// Sanitizers' allocators count otherwise and give nothing back.
constexpr bool allocator_is_the_nodes() {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  return false;
#else
  return true;
#endif
}

uint64_t in_use() { return memory_use().value_or(MemoryUse{}).allocated; }

class HeldBytesTest : public ::testing::Test {
 protected:
  HeldBytesTest() {
    builder_.encode_with([](const EventValue& value) {
      const auto* act = std::get_if<RegistryEvent>(&value);
      return act != nullptr ? encode_registry(*act) : encode_event(std::get<TraceEvent>(value));
    });
    builder_.party("maker", {Role::manufacturer});
    builder_.product("09521104301011", "maker");
  }
  // `each` codes in each of `count` events.
  Submission batch(size_t count, size_t each, size_t text = 0) {
    std::vector<TraceEvent> events;
    for (size_t i = 0; i < count; ++i) {
      std::vector<std::string> codes;
      for (size_t n = 0; n < each; ++n) {
        codes.push_back("sgtin:09521104301011:" + std::to_string(i * each + n));
      }
      auto event = testing::commission("08:00", codes);
      if (text > 0) {
        event.extensions = {{.kind = NodeKind::text,
                             .name = "https://maker.example/remark",
                             .value = std::string(text, 'n')}};
      }
      events.push_back(std::move(event));
    }
    const auto made = builder_.batch("maker", std::move(events));
    Submission submission{.note = made.note_text(), .events = {}};
    for (const auto& event : made.events()) submission.events.push_back(event.body);
    return submission;
  }
  // Of one, as it waits to be ordered: of many, so that chance has no part in it.
  uint64_t held_by(const Submission& submission) {
    constexpr size_t kCopies = 16;
    std::vector<VerifiedBatch> waiting;
    waiting.reserve(kCopies);
    const uint64_t before = in_use();
    for (size_t i = 0; i < kCopies; ++i) {
      auto decoded = decode_batch(submission);
      EXPECT_TRUE(decoded);
      auto verified = verify(*std::move(decoded), builder_.id(), builder_.state());
      EXPECT_TRUE(verified) << to_text(verified.error().front());
      if (verified) waiting.push_back(*std::move(verified));
    }
    return (in_use() - before) / kCopies;
  }

  testing::LedgerBuilder builder_;
};

TEST_F(HeldBytesTest, ABatchHoldsNoMoreThanItIsChargedFor) {
  if (!allocator_is_the_nodes()) GTEST_SKIP() << "sanitizers replace the allocator";
  struct Case {
    size_t events;
    size_t codes;
    size_t text;
  };
  for (const Case& one : {Case{1, 1, 0}, Case{64, 1, 0}, Case{1024, 1, 0}, Case{8, 500, 0},
                          Case{64, 1, 4000}, Case{16, 40, 400}}) {
    const auto submission = batch(one.events, one.codes, one.text);
    const uint64_t held = held_by(submission);
    const uint64_t charged = reserved_bytes(submission);
    std::printf("%zu events of %zu codes and %zu letters: %zu bytes sent, %lu held, %lu charged\n",
                one.events, one.codes, one.text, submission.bytes(), held, charged);
    EXPECT_LE(held, charged);
  }
}

// Of the smallest bytes that become the largest values.
TEST(ReservedBytes, OfEpcisAreNoLessThanItsValuesHold) {
  if (!allocator_is_the_nodes()) GTEST_SKIP() << "sanitizers replace the allocator";
  const auto repeated = [](const std::string& text, int count) {
    std::string all = text;
    for (int i = 1; i < count; ++i) all += "," + text;
    return all;
  };
  const std::string report = R"({"type":"Speed"})";
  const std::string element = R"({"sensorReport":[)" + repeated(report, 16) + "]}";
  for (const std::string& member :
       {R"("ex:a":[)" + repeated("0", 2040) + "]",
        R"("sensorElementList":[)" + repeated(element, 256) + "]",
        R"("sensorElementList":[{"sensorReport":[)" + repeated(report, 256) + "]}]"}) {
    const Bytes payload =
        R"({"@context":["https://ref.gs1.org/standards/epcis/epcis-context.jsonld",)"
        R"({"ex":"https://ns.example.org/"}],"type":"ObjectEvent","action":"OBSERVE",)"
        R"("eventTime":"2026-06-02T05:30:00.000Z","eventTimeZoneOffset":"+12:00",)"
        R"("epcList":["urn:epc:id:sgtin:9521104.030101.3BGE"],"bizStep":"shipping",)" +
        member + "}";
    Submission submission{.note = "suyuan/batch/v1\ntype application/ld+json\n", .events = {}};
    submission.events.resize(std::max<size_t>(1, (1 << 20) / payload.size()));
    for (auto& event : submission.events) event.payload = payload;
    const uint64_t before = in_use();
    std::vector<EventValue> values;
    for (const auto& event : submission.events) {
      auto value = decode_any_payload(PayloadType::epcis_json, event.payload);
      ASSERT_TRUE(value) << to_text(value.error());
      values.push_back(*std::move(value));
    }
    const uint64_t held = in_use() - before + submission.bytes();
    EXPECT_LE(held, reserved_bytes(submission)) << member.substr(0, 40);
  }
}

// Of texts that become the largest values, or that the allocator rounds up the most. The list of
// values is as long as the last doubling made it; while it moved, half of that was there once more.
TEST(ParseBytesMax, IsNoLessThanAParsedTextHeld) {
  if (!allocator_is_the_nodes()) GTEST_SKIP() << "sanitizers replace the allocator";
  const auto repeated = [](const std::string& text, size_t count) {
    std::string all = "[" + text;
    for (size_t i = 1; i < count; ++i) all += "," + text;
    return all + "]";
  };
  const std::string name(20, 'n');
  for (const std::string& text :
       {repeated("0", 1000), repeated("0", (1 << 16) + 1), repeated("[]", 40'000),
        repeated("\"" + std::string(16, 't') + "\"", 60'000),
        "\"" + std::string(3 << 20, 't') + "\"",
        repeated("{\"" + name + "\":\"" + std::string(33, 't') + "\"}", 30'000)}) {
    const uint64_t before = in_use();
    const auto document = parse_json(text);
    ASSERT_TRUE(document) << to_text(document.error());
    const uint64_t held = in_use() - before;
    const uint64_t moved = document->nodes().capacity() / 2 * sizeof(JsonNode);
    EXPECT_LE(held + moved, parse_bytes_max(text)) << text.substr(0, 40);
  }
}

TEST(ParseBytesMax, OfATextThatIsTooLongIsNothingBecauseItIsNotRead) {
  EXPECT_EQ(parse_bytes_max(std::string(kJsonBytesMax + 1, ',')), 0U);
  EXPECT_LT(parse_bytes_max(std::string(kJsonBytesMax, ',')), uint64_t{48} * kOneMiB)
      << "no more values than the bound are kept";
}

TEST(Memory, WhatWasFreedIsGivenBack) {
  if (!allocator_is_the_nodes()) GTEST_SKIP() << "sanitizers replace the allocator";
  constexpr size_t kPieces = 200'000;
  constexpr size_t kBytes = 1024;
  // What another thread took and a piece of it still in use: the allocator keeps all by itself.
  std::vector<std::unique_ptr<std::string>> pieces(kPieces);
  std::thread([&] {
    for (auto& piece : pieces) piece = std::make_unique<std::string>(kBytes, 'x');
  }).join();
  const auto last = std::move(pieces.back());
  pieces.clear();
  const auto before = memory_use();
  ASSERT_TRUE(before);
  ASSERT_GT(before->idle(), 150 * kOneMiB);
  GivingBack rule;
  ASSERT_TRUE(rule.look(*before));
  give_memory_back();
  const auto after = memory_use();
  ASSERT_TRUE(after);
  EXPECT_LT(after->resident + 150 * kOneMiB, before->resident);
  rule.done(*before, *after);
  EXPECT_FALSE(rule.look(*after)) << "little is idle now";
}

TEST(Memory, WhatCannotBeGivenBackIsSeldomTriedAgain) {
  const MemoryUse fragments{.resident = 900 * kOneMiB, .allocated = 500 * kOneMiB};
  GivingBack rule;
  ASSERT_TRUE(rule.look(fragments));
  rule.done(fragments, fragments);
  size_t tries = 0;
  for (int i = 0; i < 120; ++i) {
    if (!rule.look(fragments)) continue;
    ++tries;
    rule.done(fragments, fragments);
  }
  EXPECT_EQ(tries, 1U);
  EXPECT_FALSE(GivingBack().look({.resident = 600 * kOneMiB, .allocated = 500 * kOneMiB}));
}

}  // namespace
}  // namespace suyuan
