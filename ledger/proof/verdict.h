// The result of checking a bundle: one word, where and why it failed, and the lines that say what
// is proven and what is not.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/base/bytes.h"

namespace suyuan {

// Why a bundle is refused, in the order of the steps of docs/bundle.md. X(name, rule, 中文).
#define SUYUAN_BUNDLE_FAULTS(X)                                                                  \
  X(POLICY_SYNTAX, "the policy has the documented form", "策略文件须可读")                       \
  X(BUNDLE_SYNTAX, "the file has exactly the documented form", "文件须符合规定的格式")           \
  X(CHECKPOINT_SYNTAX, "the checkpoint is a signed note of three lines",                         \
    "检查点须为三行的签名文本")                                                                  \
  X(LOG_UNKNOWN, "the policy names the log of the checkpoint",                                   \
    "检查点须来自策略所列的账本")                                                                \
  X(CHECKPOINT_SIGNATURE, "the log's key signed the checkpoint", "检查点须由账本的密钥签名")     \
  X(GENESIS_INVALID, "the first leaf is the genesis that names this log's key",                  \
    "首条须为指明账本密钥的创世条目")                                                            \
  X(RULES_NEWER, "this program knows the ledger's rules",                                        \
    "账本规则须为本程序所知的版本")                                                              \
  X(SEAL_INVALID, "the last leaf is a seal over all leaves before it", "末条须为封存此前全部的封条") \
  X(COSIGNATURE_INVALID, "every cosignature under a witness's key verifies",                     \
    "见证人的联署须有效")                                                                        \
  X(QUORUM_MISSING, "enough of the policy's witnesses cosigned", "策略要求的见证人须足数联署")   \
  X(LEAF_INVALID, "every batch is in the log exactly as in this file", "每一批须原样在账本中")   \
  X(EVENT_INVALID, "every event is in its batch exactly as in this file", "每个事件须原样在其批中") \
  X(REGISTRY_INVALID, "every registry act is signed by an authority that may sign it",           \
    "每项登记须由登记机关有效签署")                                                              \
  X(SIGNATURE_INVALID, "every batch is signed by keys in force at its position",                 \
    "每一批须由当时有效的密钥签名")                                                              \
  X(CHAIN_INVALID, "each code's list of events is the one that the seal commits to",             \
    "每个代码的事件清单须与封条所定一致")                                                        \
  X(REACH_MISSING, "every code that the answer leads to is in the bundle",                       \
    "回答所及的每个代码都须在包内")

enum class BundleFault : uint8_t {
#define SUYUAN_X(name, rule, zh) name,
  SUYUAN_BUNDLE_FAULTS(SUYUAN_X)
#undef SUYUAN_X
};
struct BundleFaultInfo {
  BundleFault fault;
  std::string_view name, rule, rule_zh;
};
// In declaration order.
const std::vector<BundleFaultInfo>& all_bundle_faults();
const BundleFaultInfo& info(BundleFault fault);

// What can be said of a bundle, in English and Chinese; {0}, {1}, ... are the line's values.
enum class Claim : uint8_t {
  // proven
  log_signed,       // leaves, origin
  cosigned,         // names, count, time
  unchanged,        // events, batches
  signed_by,        // batches, parties
  whole,            // code, chains
  absent,           // code
  erased,           // sections
  replayed,         // names
  // not proven
  stale,            // time, hours
  ahead,            // time
  truth,
  newer,            // time
  not_submitted,
  effect,
  label,
  withheld,         // events
  erased_content,   // sections
  cut,              // codes
  suspect,          // party, leaf
  outputs_alone,    // leaf, event
  operators_word,
  genesis_unnamed,
  unwitnessed,
};
std::string_view claim_text(Claim claim);
std::string_view claim_text_zh(Claim claim);

struct VerdictLine {
  Claim claim;
  std::vector<std::string> values = {};
  friend bool operator==(const VerdictLine&, const VerdictLine&) = default;
};
std::string to_text(const VerdictLine& line);
std::string to_text_zh(const VerdictLine& line);

// docs/bundle.md: the first that applies, from the last to the first.
enum class Judged : uint8_t { proven, partial, not_recorded, stale, refused };
std::string_view word(Judged judged);  // "PROVEN", "PARTIAL", "NOT_RECORDED", ...

struct BundleVerdict {
  Judged judged = Judged::refused;
  // For a refusal: the first fault.
  std::optional<BundleFault> fault = {};
  std::string place = {};    // "events[3] (leaf 12, event 0)"
  std::string message = {};
  // What is proven. A refused bundle proves nothing.
  std::string code = {};
  std::optional<int64_t> as_of_ms = {};
  std::string origin = {};
  uint64_t size = 0;
  Hash root = {};
  struct Counts {
    size_t leaves = 0, events = 0, withheld = 0, chains = 0, cuts = 0, cosignatures = 0,
           erased = 0;
    friend bool operator==(const Counts&, const Counts&) = default;
  } counts = {};
  std::vector<VerdictLine> proven = {}, not_proven = {};
  friend bool operator==(const BundleVerdict&, const BundleVerdict&) = default;
};

BundleVerdict refused(BundleFault fault, std::string place, std::string message);

}  // namespace suyuan
