// Trust policies (c2sp.org/tlog-policy): which logs, which witnesses, and how many of them must
// have cosigned a checkpoint before it counts.
//
//   log <vkey> [<url>]
//   witness <name> <vkey> [<url>]
//   group <name> all|any|<k> <name>...     names of lines above; each in one group at most
//   quorum <name>|none                     exactly once
//   # comment                              a line, or the rest of one, from a word that starts so
//
// Comments that other readers skip and we read:
//
//   #suyuan max-age <n>s|m|h|d             how old a proof may be, n to 999999; 24h if not given
//   #suyuan replayer <witness name>        of a line above: replays the log, compares the map root
//   #suyuan genesis <base64>               H(data of leaf 0) of a ledger that is meant; up to 16
//
// Words are separated by spaces and tabs. Other "#suyuan ..." lines are refused: a mistyped rule is
// no comment. docs/bundle.md (Policy) is the specification.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "ledger/proof/open_note.h"

namespace suyuan {

struct PolicyLog {
  NoteKey key;  // its name is the log's origin
  std::string url = {};
  friend bool operator==(const PolicyLog&, const PolicyLog&) = default;
};

struct PolicyWitness {
  std::string name;  // in this file alone
  NoteKey key;
  std::string url = {};
  bool replayer = false;
  friend bool operator==(const PolicyWitness&, const PolicyWitness&) = default;
};

struct PolicyMember {
  bool is_group = false;
  size_t index = 0;  // in witnesses or in groups
  friend bool operator==(const PolicyMember&, const PolicyMember&) = default;
};

struct PolicyGroup {
  std::string name;
  size_t threshold = 1;
  std::vector<PolicyMember> members;  // groups only of a lower index
  friend bool operator==(const PolicyGroup&, const PolicyGroup&) = default;
};

inline constexpr int64_t kPolicyMaxAgeDefaultS = 24 * 3600;
inline constexpr size_t kPolicyGenesisMax = 16;

struct Policy {
  std::vector<PolicyLog> logs;
  std::vector<PolicyWitness> witnesses;
  std::vector<PolicyGroup> groups;
  std::optional<PolicyMember> quorum;  // nullopt: none needed
  int64_t max_age_s = kPolicyMaxAgeDefaultS;
  std::vector<Hash> genesis;  // empty: not said which
  friend bool operator==(const Policy&, const Policy&) = default;
};

// INVALID_FIELD (field "line 4"), TOO_LARGE, TOO_MANY (kPolicyEntriesMax).
Result<Policy> parse_policy(std::string_view text);
// parse_policy of the result gives the same. REQUIRES: what parse_policy could have given.
std::string write_policy(const Policy& policy);
// The policy of one log without witnesses: what a ledger's genesis alone gives.
Policy policy_of_log(std::string_view origin, const PublicKey& log_key);

std::vector<NoteKey> log_keys(const Policy& policy);
std::vector<NoteKey> witness_keys(const Policy& policy);  // by index

// Whether those who cosigned meet the quorum, and as of when: the latest time such that the
// cosignatures not older than it meet it too. A later cosignature of few so does not make a proof
// newer than its quorum.
struct QuorumVerdict {
  bool met = false;
  std::optional<uint64_t> as_of_s = {};  // nullopt: not met, or no cosignature needed
  friend bool operator==(const QuorumVerdict&, const QuorumVerdict&) = default;
};
// `times_s`: by witness; nullopt: did not cosign. REQUIRES: as many as witnesses.
QuorumVerdict judge_quorum(const Policy& policy,
                           std::span<const std::optional<uint64_t>> times_s);

}  // namespace suyuan
