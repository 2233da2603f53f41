#include "ledger/proof/policy.h"

#include <gtest/gtest.h>

#include <random>

#include "tests/support/vectors.h"
#include "tests/unit/proof/keys.h"

namespace suyuan {
namespace {

using testing::text_of;
using testing::two_of_three;
using testing::witness;
using Times = std::vector<std::optional<uint64_t>>;

std::string witness_line(char seed) {
  return std::string("witness ") + seed + " " + witness(seed).vkey(NoteKeyType::cosignature) + "\n";
}

std::string genesis_line(const std::string& of) {
  return "#suyuan genesis " + to_base64(sha256(of).view()) + "\n";
}

TEST(PolicyVectors, FilesAreTakenOrRefused) {
  SUYUAN_SHARED_VECTORS(file, "vectors/policy/policies.json");
  size_t taken = 0;
  for (const auto& one : file.at("valid").as_array()) {
    const auto parsed = parse_policy(text_of(one.at("policy")));
    const auto* threshold = one.as_object().if_contains("want_threshold");
    if (threshold != nullptr) {
      // These two are of a reader that lets one key count as two witnesses, which the
      // specification forbids by now.
      ASSERT_FALSE(parsed);
      EXPECT_NE(parsed.error().message.find("is on an earlier line"), std::string::npos);
      auto mended = text_of(one.at("policy"));
      const std::string line = mended.substr(mended.find("witness w3 ") + 11);
      mended.replace(mended.find("witness w3 ") + 11, line.find(' '),
                     witness('x').vkey(NoteKeyType::ed25519));
      const auto policy = parse_policy(mended);
      ASSERT_TRUE(policy) << policy.error().message;
      EXPECT_EQ(policy->groups[0].threshold, threshold->to_number<size_t>());
      continue;
    }
    ASSERT_TRUE(parsed) << one.at("name") << to_text(parsed.error());
    EXPECT_EQ(parsed->witnesses.size(), 2U);
    EXPECT_EQ(parsed->groups[0].threshold, 2U);
    ++taken;
  }
  EXPECT_EQ(taken, 2U);
  for (const auto& one : file.at("invalid").as_array()) {
    EXPECT_FALSE(parse_policy(text_of(one.at("policy")))) << one.at("name");
  }
}

TEST(Policy, ReadsWhatItWrote) {
  const std::string text = two_of_three() + witness_line('d') +
                           "group h all d\n"
                           "#suyuan max-age 36h\n#suyuan replayer d\n#suyuan replayer a\n" +
                           genesis_line("x") + genesis_line("y");
  const auto policy = parse_policy(text).value();
  EXPECT_EQ(policy.max_age_s, 36 * 3600);
  EXPECT_EQ(policy.genesis, (std::vector<Hash>{sha256("x"), sha256("y")}));
  EXPECT_TRUE(policy.witnesses[0].replayer && policy.witnesses[3].replayer);
  EXPECT_FALSE(policy.witnesses[1].replayer);
  EXPECT_EQ(parse_policy(write_policy(policy)).value(), policy);
  EXPECT_EQ(parse_policy(two_of_three())->max_age_s, kPolicyMaxAgeDefaultS);
}

TEST(Policy, OfALogAloneNeedsNobodyElse) {
  const auto log = testing::the_log();
  const auto policy = policy_of_log(log.name, log.pair.key);
  EXPECT_EQ(parse_policy(write_policy(policy)).value(), policy);
  EXPECT_EQ(judge_quorum(policy, {}), (QuorumVerdict{.met = true, .as_of_s = std::nullopt}));
}

TEST(Policy, KeepsUrls) {
  const auto policy =
      parse_policy("witness a " + witness('a').vkey(NoteKeyType::cosignature) +
                   " http://127.0.0.1:1/x#y # home\nquorum a")
          .value();
  EXPECT_EQ(policy.witnesses[0].url, "http://127.0.0.1:1/x#y");
}

std::string genesis_many(int count) {
  std::string lines;
  for (int i = 0; i < count; ++i) lines += genesis_line(std::to_string(i));
  return lines;
}

struct BadPolicy {
  std::string text;
  std::string where;
};

TEST(Policy, RefusesWithTheLine) {
  const auto a = witness_line('a');
  const auto b = witness_line('b');
  const std::string vkey = witness('a').vkey(NoteKeyType::cosignature);
  const std::vector<BadPolicy> bad = {
      {"", ""},
      {a, ""},
      {"quorum a\n" + a, "line 1"},
      {a + "quorum b\n", "line 2"},
      {a + "quorum a\nquorum a\n", "line 3"},
      {a + "quorum\n", "line 2"},
      {a + "quorum a a\n", "line 2"},
      {a + a + "quorum a\n", "line 2"},
      {a + "witness z " + vkey + "\nquorum a\n", "line 2"},
      {"witness all " + vkey + "\nquorum none\n", "line 1"},
      {"witness none " + vkey + "\nquorum none\n", "line 1"},
      {"witness any " + vkey + "\nquorum none\n", "line 1"},
      {"witness a " + vkey + " u v\nquorum none\n", "line 1"},
      {"witness a x\nquorum none\n", "line 1"},
      {"log " + vkey + "\nquorum none\n", "line 1"},
      {"log\nquorum none\n", "line 1"},
      {"LOG x\nquorum none\n", "line 1"},
      {a + "group g 1\nquorum a\n", "line 2"},
      {a + "group g 0 a\nquorum a\n", "line 2"},
      {a + "group g 2 a\nquorum a\n", "line 2"},
      {a + "group g -1 a\nquorum a\n", "line 2"},
      {a + "group g 01 a\nquorum a\n", "line 2"},
      {a + "group g some a\nquorum a\n", "line 2"},
      {a + "group g any a a\nquorum a\n", "line 2"},
      {a + "group g any none\nquorum a\n", "line 2"},
      {a + "group g any g\nquorum a\n", "line 2"},
      {a + "group a any a\nquorum a\n", "line 2"},
      {a + b + "group g any a\ngroup h any a b\nquorum h\n", "line 4"},
      {a + "quorum a\r\n", "line 2"},
      {a + "quorum a\x7F\n", "line 2"},
      {"#suyuan max-age 24\nquorum none\n", "line 1"},
      {"#suyuan max-age 0h\nquorum none\n", "line 1"},
      {"#suyuan max-age 1000000h\nquorum none\n", "line 1"},
      {"#suyuan max-age h\nquorum none\n", "line 1"},
      {"#suyuan max-age 1h\n#suyuan max-age 1h\nquorum none\n", "line 2"},
      {genesis_line("x") + genesis_line("x") + "quorum none\n", "line 2"},
      {"#suyuan genesis x\nquorum none\n", "line 1"},
      {"#suyuan genesis\nquorum none\n", "line 1"},
      {genesis_many(17) + "quorum none\n", "line 17"},
      {"#suyuan maxage 1h\nquorum none\n", "line 1"},
      {"#suyuan max-age\nquorum none\n", "line 1"},
      {"#suyuan replayer a\n" + a + "quorum none\n", "line 1"},
      {a + "#suyuan replayer a\n#suyuan replayer a\nquorum none\n", "line 3"},
      {a + "group g any a\n#suyuan replayer g\nquorum none\n", "line 3"},
  };
  for (const auto& one : bad) {
    const auto refused = parse_policy(one.text);
    ASSERT_FALSE(refused) << one.text;
    EXPECT_EQ(refused.error().code, Code::INVALID_FIELD) << one.text;
    EXPECT_EQ(refused.error().field, one.where) << one.text << refused.error().message;
  }
}

TEST(Policy, OtherComments) {
  const std::vector<std::string> cases = {
      "#suyuanmax-age 1h", "#suyuan", "# suyuan max-age 1h", "#", " \t"};
  for (const auto& line : cases) {
    EXPECT_EQ(parse_policy(line + "\nquorum none")->max_age_s, kPolicyMaxAgeDefaultS) << line;
  }
  EXPECT_EQ(parse_policy(" #suyuan\tmax-age 999999d # long\nquorum none")->max_age_s,
            int64_t{999'999} * 86400);
}

TEST(Policy, IsBounded) {
  std::string many;
  for (int i = 0; i < 64; ++i) {
    const auto pair = key_from_seed(sha256(std::to_string(i)).bytes());
    const NoteKey key{.name = "w", .type = NoteKeyType::cosignature, .key = pair.key};
    many += "witness w" + std::to_string(i) + " " + write_note_key(key) + "\n";
  }
  EXPECT_TRUE(parse_policy(many + "quorum none\n"));
  EXPECT_TRUE(parse_policy(genesis_many(16) + "quorum none\n"));
  EXPECT_EQ(parse_policy(many + witness_line('a') + "quorum none\n").error().code, Code::TOO_MANY);
  const std::string large(limits::kPolicyBytesMax + 1, '\n');
  EXPECT_EQ(parse_policy(large).error().code, Code::TOO_LARGE);
}

TEST(Quorum, SpeaksAsOfTheLatestTimeThatMeetsIt) {
  const auto policy = parse_policy(two_of_three()).value();
  const auto as_of = [&](const Times& times) { return judge_quorum(policy, times).as_of_s; };
  EXPECT_EQ(as_of({10, 20, 30}), 20U);
  EXPECT_EQ(as_of({30, std::nullopt, 10}), 10U);
  EXPECT_EQ(as_of({5, 5, std::nullopt}), 5U);
  EXPECT_EQ(as_of({std::nullopt, 99, std::nullopt}), std::nullopt);
  EXPECT_FALSE(judge_quorum(policy, Times{std::nullopt, 99, std::nullopt}).met);
  EXPECT_TRUE(judge_quorum(policy, Times{0, 0, std::nullopt}).met);
}

// The definition by its own words: try every time.
std::optional<uint64_t> naive_as_of(const Policy& policy, const Times& times) {
  std::optional<uint64_t> best;
  for (uint64_t t = 0; t <= 10; ++t) {
    std::vector<bool> groups;
    const auto met = [&](const PolicyMember& one) {
      return one.is_group ? groups[one.index] : times[one.index] && *times[one.index] >= t;
    };
    for (const auto& group : policy.groups) {
      const auto count = std::count_if(group.members.begin(), group.members.end(), met);
      groups.push_back(static_cast<size_t>(count) >= group.threshold);
    }
    if (met(*policy.quorum)) best = t;
  }
  return best;
}

TEST(Quorum, AgreesWithItsDefinitionOnRandomTrees) {
  std::mt19937 random(20'261'125);  // the seed
  for (int round = 0; round < 2000; ++round) {
    Policy policy;
    policy.witnesses.resize(1 + random() % 6);
    std::vector<PolicyMember> open;
    for (size_t i = 0; i < policy.witnesses.size(); ++i) open.push_back({.index = i});
    while (policy.groups.empty() || open.size() > 1) {
      PolicyGroup group;
      const size_t count = 1 + random() % open.size();
      for (size_t i = 0; i < count; ++i) {
        const auto at = static_cast<std::ptrdiff_t>(random() % open.size());
        group.members.push_back(open[static_cast<size_t>(at)]);
        open.erase(open.begin() + at);
      }
      group.threshold = 1 + random() % group.members.size();
      open.push_back({.is_group = true, .index = policy.groups.size()});
      policy.groups.push_back(group);
    }
    policy.quorum = open[0];
    Times times;
    for (size_t i = 0; i < policy.witnesses.size(); ++i) {
      times.push_back(random() % 4 == 0 ? std::nullopt : std::optional<uint64_t>(random() % 10));
    }
    EXPECT_EQ(judge_quorum(policy, times).as_of_s, naive_as_of(policy, times)) << round;
  }
}

}  // namespace
}  // namespace suyuan
