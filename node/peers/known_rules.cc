#include "node/peers/known_rules.h"

#include <spdlog/spdlog.h>

#include "ledger/apply/log_reader.h"
#include "ledger/base/limits.h"
#include "ledger/os/files.h"
#include "ledger/store/memory_store.h"

namespace suyuan {

Result<std::optional<RulesNotice>> read_rules_file(const std::string& path) {
  if (!file_exists(path)) return std::optional<RulesNotice>();
  SUYUAN_TRY(text, read_file(path, limits::kNoteBytesMax));
  auto notice = parse_rules_notice(text);
  if (notice) return std::optional(*std::move(notice));
  Error error = std::move(notice).error();
  error.message = path + ": " + error.message;
  return Unexpected(std::move(error));
}

Result<RulesState> known_rules(const DataFolder& folder, const Reader& state,
                               const Genesis& genesis, const LedgerId& ledger) {
  SUYUAN_TRY(stored, rules_at(state, genesis, UINT64_MAX));
  SUYUAN_TRY(notice, read_rules_file(folder.rules()));
  if (!notice || notice->rules.number <= stored.number) return stored;
  const auto good = check_signed(state, *notice, {.ledger = ledger, .genesis = genesis});
  if (!good) {
    Error error = good.error();
    error.message = folder.rules() + ": " + error.message;
    return Unexpected(std::move(error));
  }
  return RulesState{.number = notice->rules.number,
                    .version = notice->rules.version,
                    .nodes = notice->rules.nodes,
                    .leaf = UINT64_MAX};
}

Result<RulesState> known_rules(const DataFolder& folder, const Genesis& genesis,
                               const LedgerId& ledger) {
  const MemoryStore nothing;
  Overlay first(nothing.latest());
  start_registry(first, genesis);
  return known_rules(folder, first, genesis, ledger);
}

Result<Done> check_signed_by_genesis(const RulesNotice& notice, const Genesis& genesis,
                                     const LedgerId& ledger) {
  const MemoryStore nothing;
  Overlay first(nothing.latest());
  start_registry(first, genesis);
  return check_signed(first, notice, {.ledger = ledger, .genesis = genesis});
}

Result<RulesState> rules_to_serve(const DataFolder& folder, const Reader& state,
                                  const Genesis& genesis, const LedgerId& ledger) {
  auto known = known_rules(folder, state, genesis, ledger);
  if (known) return known;
  spdlog::warn("passed over: {}", to_text(known.error()));
  return rules_at(state, genesis, UINT64_MAX);
}

Result<Done> keep_rules_file(const DataFolder& folder, const Reader& state,
                             const RulesState& newest) {
  if (newest.number == 0) return Done{};
  const auto there = read_rules_file(folder.rules());
  if (there && *there && (*there)->rules.number >= newest.number) return Done{};
  SUYUAN_TRY(notice, read_leaf(state, newest.leaf));
  return write_file(folder.rules(), notice.text, FileMode::shared);
}

Result<std::vector<NamedKey>> all_nodes(const Reader& state, const Genesis& genesis,
                                        const RulesState& known) {
  std::vector<NamedKey> all = genesis.nodes;
  SUYUAN_TRY(changes, list_rules(state));
  changes.push_back(known);
  for (const auto& one : changes) all.insert(all.end(), one.nodes.begin(), one.nodes.end());
  return all;
}

Genesis with_nodes(Genesis genesis, std::vector<NamedKey> nodes) {
  genesis.nodes = std::move(nodes);
  return genesis;
}

}  // namespace suyuan
