#include "ledger/proof/policy.h"

#include <algorithm>
#include <array>

#include "ledger/base/text.h"

namespace suyuan {
namespace {

constexpr uint64_t kMaxAgeNumberMax = 999'999;

bool is_blank(char c) { return c == ' ' || c == '\t'; }

std::vector<std::string_view> words_of(std::string_view line) {
  std::vector<std::string_view> words;
  while (true) {
    while (!line.empty() && is_blank(line.front())) line.remove_prefix(1);
    if (line.empty()) return words;
    const size_t end = std::min(line.find_first_of(" \t"), line.size());
    words.push_back(line.substr(0, end));
    line.remove_prefix(end);
  }
}

void cut_comment(std::vector<std::string_view>& words) {
  const auto comment = std::find_if(words.begin(), words.end(),
                                    [](std::string_view word) { return word.starts_with('#'); });
  words.erase(comment, words.end());
}

bool is_keyword(std::string_view name) { return name == "all" || name == "any" || name == "none"; }

struct Unit {
  char letter;
  int64_t seconds;
};
constexpr std::array<Unit, 4> kUnits = {{{'d', 86400}, {'h', 3600}, {'m', 60}, {'s', 1}}};

// "24h" in seconds.
std::optional<int64_t> duration_s(std::string_view text) {
  for (const auto& unit : kUnits) {
    if (!text.ends_with(unit.letter)) continue;
    const auto number = from_decimal(text.substr(0, text.size() - 1));
    if (!number || *number == 0 || *number > kMaxAgeNumberMax) return std::nullopt;
    return static_cast<int64_t>(*number) * unit.seconds;
  }
  return std::nullopt;
}

std::string write_duration(int64_t seconds) {
  const auto unit = std::find_if(kUnits.begin(), kUnits.end(), [seconds](const Unit& one) {
    return seconds % one.seconds == 0;
  });
  return std::to_string(seconds / unit->seconds) + unit->letter;
}

// Reads line by line; an error names the line.
class PolicyReader {
 public:
  Result<Policy> read(std::string_view text) {
    while (!text.empty()) {
      ++line_;
      const size_t end = text.find('\n');
      const std::string_view line = text.substr(0, end);
      text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
      SUYUAN_TRY_DONE(read_line(line));
    }
    line_ = 0;
    if (!has_quorum_) return refuse("no quorum line; write \"quorum none\" if none is required");
    return std::move(policy_);
  }

 private:
  Unexpected<Error> refuse(std::string message) const {
    return fail(Code::INVALID_FIELD, std::move(message),
                line_ == 0 ? "" : "line " + std::to_string(line_));
  }
  Unexpected<Error> too_many() const {
    return fail(Code::TOO_MANY, "at most 64 logs, 64 witnesses and 64 groups are read",
                "line " + std::to_string(line_));
  }

  Result<Done> read_line(std::string_view line) {
    const bool odd = std::any_of(line.begin(), line.end(), [](char c) {
      const auto byte = static_cast<uint8_t>(c);
      return (byte < 0x20 && c != '\t') || byte == 0x7F;
    });
    if (odd) return refuse("holds a control character; only tab and LF are allowed here");
    auto words = words_of(line);
    if (words.size() > 1 && words[0] == "#suyuan") {
      words.erase(words.begin());
      cut_comment(words);
      return read_extension(words);
    }
    cut_comment(words);
    if (words.empty()) return Done{};
    if (words[0] == "log") return read_log(words);
    if (words[0] == "witness") return read_witness(words);
    if (words[0] == "group") return read_group(words);
    if (words[0] == "quorum") return read_quorum(words);
    return refuse("found " + quote(words[0]) + ", expected log, witness, group or quorum");
  }

  Result<Done> read_extension(const std::vector<std::string_view>& words) {
    if (words.size() == 2 && words[0] == "max-age") {
      const auto seconds = duration_s(words[1]);
      if (!seconds) return refuse(quote(words[1]) + " is not an age: write 24h, 90m, 30s or 7d");
      if (has_max_age_) return refuse("max-age is given twice");
      has_max_age_ = true;
      policy_.max_age_s = *seconds;
      return Done{};
    }
    if (words.size() == 2 && words[0] == "replayer") {
      const auto member = find(words[1]);
      if (!member || member->is_group) {
        return refuse(quote(words[1]) + " is not a witness of an earlier line");
      }
      bool& replayer = policy_.witnesses[member->index].replayer;
      if (replayer) return refuse(quote(words[1]) + " is named a replayer twice");
      replayer = true;
      return Done{};
    }
    if (words.size() == 2 && words[0] == "genesis") {
      const auto hash = fixed_from_base64<Hash>(words[1]);
      if (!hash) return refuse(quote(words[1]) + " is not a hash in base64");
      auto& all = policy_.genesis;
      if (std::find(all.begin(), all.end(), *hash) != all.end()) {
        return refuse("this genesis is named twice");
      }
      if (all.size() == kPolicyGenesisMax) return refuse("at most 16 genesis hashes are read");
      all.push_back(*hash);
      return Done{};
    }
    return refuse("expected \"#suyuan max-age 24h\", \"#suyuan replayer <witness>\" or "
                  "\"#suyuan genesis <hash>\"");
  }

  Result<NoteKey> read_key(std::string_view vkey) {
    const auto key = parse_note_key(vkey);
    if (!key) return refuse(key.error().message);
    return *key;
  }

  // Otherwise one signature would count twice.
  template <class Entry>
  Result<Done> check_new(const NoteKey& key, const std::vector<Entry>& entries) const {
    if (entries.size() == limits::kPolicyEntriesMax) return too_many();
    const bool known = std::any_of(entries.begin(), entries.end(),
                                   [&key](const Entry& one) { return one.key.key == key.key; });
    if (known) return refuse("the key of " + quote(key.name) + " is on an earlier line");
    return Done{};
  }

  Result<Done> read_log(const std::vector<std::string_view>& words) {
    if (words.size() < 2 || words.size() > 3) return refuse("expected: log <vkey> [<url>]");
    SUYUAN_TRY(key, read_key(words[1]));
    if (key.type != NoteKeyType::ed25519) return refuse("a log's key has type 0x01");
    SUYUAN_TRY_DONE(check_new(key, policy_.logs));
    policy_.logs.push_back({.key = key, .url = std::string(words.size() == 3 ? words[2] : "")});
    return Done{};
  }

  Result<Done> read_witness(const std::vector<std::string_view>& words) {
    if (words.size() < 3 || words.size() > 4) {
      return refuse("expected: witness <name> <vkey> [<url>]");
    }
    SUYUAN_TRY_DONE(check_name(words[1]));
    SUYUAN_TRY(key, read_key(words[2]));
    // Older tools write a witness's vkey with the type of a log's key; it cosigns nevertheless.
    key.type = NoteKeyType::cosignature;
    SUYUAN_TRY_DONE(check_new(key, policy_.witnesses));
    policy_.witnesses.push_back({.name = std::string(words[1]),
                                 .key = key,
                                 .url = std::string(words.size() == 4 ? words[3] : "")});
    return Done{};
  }

  Result<Done> read_group(const std::vector<std::string_view>& words) {
    if (words.size() < 4) return refuse("expected: group <name> all|any|<k> <name>...");
    SUYUAN_TRY_DONE(check_name(words[1]));
    if (policy_.groups.size() == limits::kPolicyEntriesMax) return too_many();
    PolicyGroup group{.name = std::string(words[1]), .threshold = 1, .members = {}};
    for (size_t i = 3; i < words.size(); ++i) {
      const auto member = find(words[i]);
      if (!member) return refuse(quote(words[i]) + " is not a witness or group of an earlier line");
      if (std::find(grouped_.begin(), grouped_.end(), *member) != grouped_.end()) {
        return refuse(quote(words[i]) + " is in another group already");
      }
      grouped_.push_back(*member);
      group.members.push_back(*member);
    }
    if (words[2] == "all") {
      group.threshold = group.members.size();
    } else if (words[2] != "any") {
      const auto threshold = from_decimal(words[2]);
      if (!threshold || *threshold == 0 || *threshold > group.members.size()) {
        return refuse(quote(words[2]) + " is not a threshold: all, any, or 1 to " +
                      std::to_string(group.members.size()));
      }
      group.threshold = static_cast<size_t>(*threshold);
    }
    policy_.groups.push_back(std::move(group));
    return Done{};
  }

  Result<Done> read_quorum(const std::vector<std::string_view>& words) {
    if (words.size() != 2) return refuse("expected: quorum <name>|none");
    if (has_quorum_) return refuse("quorum is given twice");
    has_quorum_ = true;
    if (words[1] == "none") return Done{};
    policy_.quorum = find(words[1]);
    if (!policy_.quorum) {
      return refuse(quote(words[1]) + " is not a witness or group of an earlier line");
    }
    return Done{};
  }

  Result<Done> check_name(std::string_view name) const {
    if (is_keyword(name)) return refuse(quote(name) + " is a keyword and names nothing");
    if (find(name)) return refuse(quote(name) + " is given twice");
    return Done{};
  }

  std::optional<PolicyMember> find(std::string_view name) const {
    for (size_t i = 0; i < policy_.witnesses.size(); ++i) {
      if (policy_.witnesses[i].name == name) return PolicyMember{.is_group = false, .index = i};
    }
    for (size_t i = 0; i < policy_.groups.size(); ++i) {
      if (policy_.groups[i].name == name) return PolicyMember{.is_group = true, .index = i};
    }
    return std::nullopt;
  }

  Policy policy_;
  std::vector<PolicyMember> grouped_;
  size_t line_ = 0;
  bool has_quorum_ = false;
  bool has_max_age_ = false;
};

const std::string& name_of(const Policy& policy, const PolicyMember& member) {
  return member.is_group ? policy.groups[member.index].name : policy.witnesses[member.index].name;
}

template <class Entry>
std::vector<NoteKey> keys_of(const std::vector<Entry>& entries) {
  std::vector<NoteKey> keys;
  for (const auto& one : entries) keys.push_back(one.key);
  return keys;
}

}  // namespace

Result<Policy> parse_policy(std::string_view text) {
  if (text.size() > limits::kPolicyBytesMax) {
    return fail(Code::TOO_LARGE, "a policy has at most 64 KiB");
  }
  return PolicyReader().read(text);
}

std::string write_policy(const Policy& policy) {
  std::string out;
  const auto add = [&out](std::initializer_list<std::string_view> words) {
    for (const auto word : words) {
      if (!word.empty()) out.append(out.empty() || out.back() == '\n' ? "" : " ").append(word);
    }
    out += '\n';
  };
  for (const auto& log : policy.logs) add({"log", write_note_key(log.key), log.url});
  for (const auto& one : policy.witnesses) {
    add({"witness", one.name, write_note_key(one.key), one.url});
  }
  for (const auto& group : policy.groups) {
    std::string members;
    for (const auto& one : group.members) {
      members.append(members.empty() ? "" : " ").append(name_of(policy, one));
    }
    add({"group", group.name, std::to_string(group.threshold), members});
  }
  add({"quorum", policy.quorum ? name_of(policy, *policy.quorum) : "none"});
  if (policy.max_age_s != kPolicyMaxAgeDefaultS) {
    add({"#suyuan max-age", write_duration(policy.max_age_s)});
  }
  for (const auto& one : policy.witnesses) {
    if (one.replayer) add({"#suyuan replayer", one.name});
  }
  for (const auto& one : policy.genesis) add({"#suyuan genesis", to_base64(one.view())});
  return out;
}

Policy policy_of_log(std::string_view origin, const PublicKey& log_key) {
  Policy policy;
  policy.logs.push_back(
      {.key = {.name = std::string(origin), .type = NoteKeyType::ed25519, .key = log_key}});
  return policy;
}

std::vector<NoteKey> log_keys(const Policy& policy) { return keys_of(policy.logs); }
std::vector<NoteKey> witness_keys(const Policy& policy) { return keys_of(policy.witnesses); }

QuorumVerdict judge_quorum(const Policy& policy,
                           std::span<const std::optional<uint64_t>> times_s) {
  SUYUAN_CHECK(times_s.size() == policy.witnesses.size());
  if (!policy.quorum) return {.met = true, .as_of_s = std::nullopt};
  // A group with threshold k is met as of t if k members are: its time is the k-th latest of
  // theirs. Members are on earlier lines, so one pass is enough.
  std::vector<std::optional<uint64_t>> group_times_s;
  const auto time_of = [&](const PolicyMember& member) {
    return member.is_group ? group_times_s[member.index] : times_s[member.index];
  };
  for (const auto& group : policy.groups) {
    std::vector<std::optional<uint64_t>> members;
    for (const auto& one : group.members) members.push_back(time_of(one));
    std::sort(members.begin(), members.end(), std::greater<>());  // nullopt is the smallest
    group_times_s.push_back(members[group.threshold - 1]);
  }
  const auto as_of_s = time_of(*policy.quorum);
  return {.met = as_of_s.has_value(), .as_of_s = as_of_s};
}

}  // namespace suyuan
