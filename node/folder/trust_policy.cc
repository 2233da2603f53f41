#include "node/folder/trust_policy.h"

#include <algorithm>

#include "ledger/base/limits.h"
#include "ledger/base/text.h"
#include "ledger/crypto/note.h"
#include "ledger/os/named_file.h"
#include "ledger/proof/policy.h"
#include "node/data_folder.h"

namespace suyuan {
namespace {

std::string log_line(const std::string& origin, const PublicKey& log_key) {
  return "log " + write_vkey({.name = origin, .key = log_key}) + "\n";
}

}  // namespace

std::string first_policy(const LedgerId& ledger, const PublicKey& log_key) {
  return "# Trust policy (c2sp.org/tlog-policy) of this ledger. Add witnesses, name a quorum.\n" +
         log_line(ledger.origin, log_key) + "quorum none\n#suyuan genesis " +
         to_base64(ledger.genesis.view()) + "\n";
}

Result<std::string> read_trust_policy(const ServeOptions& options, const LedgerId& ledger,
                                      const NamedKeyPair& log_key) {
  const std::string left = DataFolder{options.data}.policy();
  const std::string& path = options.policy.empty() ? left : options.policy;
  if (options.policy.empty() && !file_exists(left)) return first_policy(ledger, log_key.pair.key);
  SUYUAN_TRY(text, read_named_file(path, limits::kPolicyBytesMax, "--policy"));
  SUYUAN_TRY(policy, parse_policy(text));
  const auto is_ours = [&log_key](const PolicyLog& log) {
    return log.key.name == log_key.name && log.key.key == log_key.pair.key;
  };
  if (policy.logs.empty()) return log_line(ledger.origin, log_key.pair.key) + text;
  if (std::none_of(policy.logs.begin(), policy.logs.end(), is_ours)) {
    return fail(Code::INVALID_FIELD, "the policy is of other logs than this ledger's",
                options.policy.empty() ? left : "--policy");
  }
  return text;
}

}  // namespace suyuan
