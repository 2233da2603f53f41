#include "node/commands/making.h"

#include <algorithm>
#include <cstdio>
#include <memory>

#include "ledger/base/text.h"
#include "node/backup/take_store.h"
#include "node/clock.h"
#include "node/commands/shared_options.h"
#include "node/folder/init.h"
#include "node/folder/node_keys.h"

namespace suyuan {
namespace {

Result<Done> run_init(const InitOptions& options) {
  SUYUAN_TRY(made, init_ledger(options, system_now_ms()));
  const DataFolder folder{options.data};
  if (made.begun_again)
    std::printf("an earlier init was interrupted; what it had made was made again\n");
  std::printf("ledger   %s\n", made.ledger.line().c_str());
  std::printf("genesis  %s   give this file to every client\n", folder.genesis().c_str());
  std::printf("policy   %s\n", folder.policy().c_str());
  for (const auto& path : made.authority_key_files) {
    std::printf(
        "authority key made: %s   move it to a safe place; whoever holds it can register parties\n",
        path.c_str());
  }
  std::printf("next     suyuan-node serve --data %s\n", options.data.c_str());
  return Done{};
}

Result<Done> run_key(const KeyOptions& options) {
  SUYUAN_TRY(made, make_node_key(options));
  std::printf("%s=%s\n", made.name.c_str(), to_base64(made.key.view()).c_str());
  return Done{};
}

Result<Done> run_seal_keys(const SealKeysOptions& options) {
  SUYUAN_TRY(sealed, seal_keys(options));
  std::printf("%zu key files sealed in %s/keys\n", sealed, options.data.c_str());
  return Done{};
}

// One line for each tenth.
std::function<void(uint64_t, uint64_t)> tell_tenths(const char* what, const char* unit,
                                                    unsigned shift) {
  return [=, tenths = uint64_t{0}](uint64_t done, uint64_t of) mutable {
    const auto now = static_cast<uint64_t>(10.0 * static_cast<double>(done) /
                                           static_cast<double>(std::max<uint64_t>(of, 1)));
    if (now == tenths) return;
    tenths = now;
    std::fprintf(stderr, "%s %llu %% of %llu %s\n", what, static_cast<unsigned long long>(now * 10),
                 static_cast<unsigned long long>(std::max<uint64_t>(of >> shift, 1)), unit);
  };
}

Result<uint64_t> take_and_tell(const JoinOptions& options, const JoinPlace& place,
                               StoreSource& source) {
  SUYUAN_TRY(taken, take_store_to(place, source,
                                  {.copied = tell_tenths("copied", "MiB", 20),
                                   .judged = tell_tenths("judged", "leaves", 0)}));
  std::printf("store    %llu leaves, %llu events, from %s, judged again here\n",
              static_cast<unsigned long long>(taken.tree.size),
              static_cast<unsigned long long>(taken.events), options.store_from.c_str());
  return taken.tree.size;
}

Result<Done> run_join(const JoinOptions& options) {
  PlanStore plan;
  if (!options.store_from.empty()) {
    plan = [&](const JoinPlace& place) -> Result<MakeStore> {
      SUYUAN_TRY(made, store_to_take(options, place, system_now_ms));
      // Shared: a std::function can be copied.
      const std::shared_ptr<StoreSource> source = std::move(made);
      return MakeStore(
          [&options, &place, source] { return take_and_tell(options, place, *source); });
    };
  }
  SUYUAN_TRY(ledger, join_ledger(options, plan));
  std::printf("ledger   %s\n", ledger.line().c_str());
  std::printf("next     suyuan-node serve --data %s --order etcd --etcd host:port --etcd-log ...\n",
              options.data.c_str());
  return Done{};
}

}  // namespace

void MakingCommands::add_to(CLI::App& app) {
  init_command = app.add_subcommand("init", "make a ledger: keys, genesis, an empty store");
  init_command->add_option("--data", init.data, "folder of the node's data")->required();
  init_command->add_option("--origin", init.origin, "name of the ledger, such as example.org/trace")
      ->capture_default_str();
  init_command->add_option("--name", init.node_name, "name under which this node signs receipts")
      ->capture_default_str();
  init_command->add_option(
      "--authority", init.authorities,
      "<party id>=<base64 public key> of an authority; none: one is made here");
  init_command
      ->add_option("--quorum", init.quorum,
                   "authorities that must sign changes to an authority's keys; 0: two, if there "
                   "are that many")
      ->check(CLI::Range(0, 9))
      ->capture_default_str();
  init_command->add_option(
      "--node", init.nodes,
      "<name>=<base64 public key> of a further node, as suyuan-node key printed it");
  add_passphrase_options(*init_command, init.passphrase);

  key_command = app.add_subcommand("key", "make a node's key, for a ledger of several nodes");
  key_command->add_option("--data", key.data, "folder of the node's data")->required();
  key_command->add_option("--name", key.node_name, "name under which the node signs receipts")
      ->required();
  add_passphrase_options(*key_command, key.passphrase);

  seal_command = app.add_subcommand("seal-keys", "seal a stopped node's key files");
  seal_command->add_option("--data", sealing.data, "folder of the node's data")->required();
  add_passphrase_options(*seal_command, sealing.passphrase);

  join_command = app.add_subcommand("join", "become a node of a ledger that names our key");
  join_command->add_option("--data", joining.data, "folder in which suyuan-node key was run")
      ->required();
  join_command->add_option("--genesis", joining.genesis, "genesis.leaf of the ledger")->required();
  join_command->add_option("--log-key", joining.log_key, "keys/log.key of the ledger")->required();
  join_command->add_option("--rules", joining.rules,
                           "the authorities' newest notice (rules.note of a node), where it names "
                           "our key and genesis does not");
  join_command->add_option("--store-from", joining.store_from,
                           "<name>=<URL> of a node that serves: judge the log from a copy of its "
                           "store, instead of asking for it part by part");
  join_command->add_option("--peer-ca", joining.peer_ca,
                           "PEM file: authorities for that node's certificate");
  add_passphrase_options(*join_command, joining.passphrase);
}

Result<Done> MakingCommands::run() const {
  if (init_command->parsed()) return run_init(init);
  if (key_command->parsed()) return run_key(key);
  if (seal_command->parsed()) return run_seal_keys(sealing);
  return run_join(joining);
}

}  // namespace suyuan
