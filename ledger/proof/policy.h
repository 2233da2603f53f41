// Trust policies (c2sp.org/tlog-policy): which logs, which witnesses, and how many of them must
// have cosigned a checkpoint before it counts.
//
//   log <vkey> [<url>]
//   witness <name> <vkey> [<url>]
//   group <name> all|any|<k> <name>...     names of lines above; each in one group at most
//   quorum <name>|none                     exactly once
//   # comment                              a whole line, or the rest of a line from such a word on
//
// Comments that this parser reads and other readers skip:
//
//   #suyuan max-age <n>s|m|h|d             how old a proof may be, n to 999999; 24h if not given
//   #suyuan replayer <witness name>        of a line above: replays the log, compares the map root
//   #suyuan genesis <base64>               accepted H(data of leaf 0); up to 16
//
// Words are separated by spaces and tabs. Any other "#suyuan ..." line is refused, because it may
// be a mistyped rule. docs/bundle.md (Policy) is the specification.
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
  std::string name;  // in this file only
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
  std::vector<PolicyMember> members;  // groups have lower indexes
  friend bool operator==(const PolicyGroup&, const PolicyGroup&) = default;
};

inline constexpr int64_t kPolicyMaxAgeDefaultS = 24 * 3600;
inline constexpr size_t kPolicyGenesisMax = 16;

struct Policy {
  std::vector<PolicyLog> logs;
  std::vector<PolicyWitness> witnesses;
  std::vector<PolicyGroup> groups;
  std::optional<PolicyMember> quorum;  // nullopt: none required
  int64_t max_age_s = kPolicyMaxAgeDefaultS;
  std::vector<Hash> genesis;  // empty: any
  friend bool operator==(const Policy&, const Policy&) = default;
};

// Errors: INVALID_FIELD (field "line 4"), TOO_LARGE, TOO_MANY (kPolicyEntriesMax).
Result<Policy> parse_policy(std::string_view text);
// The inverse of parse_policy. Requires: a policy that parse_policy could return.
std::string write_policy(const Policy& policy);
// Returns the policy of one log without witnesses, which a ledger's genesis gives.
Policy policy_of_log(std::string_view origin, const PublicKey& log_key);

std::vector<NoteKey> log_keys(const Policy& policy);
std::vector<NoteKey> witness_keys(const Policy& policy);  // by index

// Whether the cosigners meet the quorum, and as of when: the latest time such that the cosignatures
// not older than it still meet it. So a later cosignature by too few does not make a proof newer
// than its quorum.
struct QuorumVerdict {
  bool met = false;
  std::optional<uint64_t> as_of_s = {};  // nullopt: not met, or no cosignature required
  friend bool operator==(const QuorumVerdict&, const QuorumVerdict&) = default;
};
// `times_s`: one for each witness; nullopt: it did not cosign. Requires: as many as witnesses.
QuorumVerdict judge_quorum(const Policy& policy,
                           std::span<const std::optional<uint64_t>> times_s);

}  // namespace suyuan
