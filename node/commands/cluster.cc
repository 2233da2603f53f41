#include "node/commands/cluster.h"

#include <cstdio>

#include "node/commands/shared_options.h"

namespace suyuan {
namespace {

Result<Done> run_migrate(const MigrateOptions& options) {
  SUYUAN_TRY(migrated, migrate(options));
  std::printf("ledger   %s\n", migrated.ledger.line().c_str());
  std::printf("log      %s in etcd continues from group %llu\n", options.order.log.c_str(),
              static_cast<unsigned long long>(migrated.position));
  return Done{};
}

}  // namespace

void ClusterCommands::add_to(CLI::App& app) {
  migrate_command = app.add_subcommand(
      "migrate", "make the ledger's ordered log in etcd, continuing from the ledger's end");
  migrate_command->add_option("--data", migrating.data, "folder of the node's data")->required();
  add_etcd_options(*migrate_command, migrating.order);
  migrate_command->add_flag("--nothing-newer-was-signed", migrating.nothing_newer_was_signed,
                            "your assurance, for a restored folder: it is the newest");

  recover_command = app.add_subcommand(
      "recover", "etcd lost the log: agree with the other nodes where it continues. On each node");
  recover_command->add_option("--data", recovering.data, "folder of the node's data")->required();
  add_etcd_options(*recover_command, recovering.order);
  recover_command
      ->add_option("--wait", wait_s, "seconds to wait for more than half of the nodes")
      ->capture_default_str();
  recover_command
      ->add_option("--settle", settle_s, "seconds to wait for the others, once half have come")
      ->capture_default_str();
  recover_command->add_flag("--nothing-newer-was-signed", recovering.nothing_newer_was_signed,
                            "your assurance, for a restored folder, about its node");
  recover_command->add_flag("--base-is-lost", recovering.base_is_lost,
                            "your assurance, after a recover: the node whose leaves the log "
                            "builds on is gone, with its disk. Agree again without it");
  for (auto* command : {migrate_command, recover_command})
    add_passphrase_options(*command, passphrase);
}

Result<Done> ClusterCommands::run() const {
  if (recover_command->parsed()) return run_recover();
  MigrateOptions options = migrating;
  options.passphrase = passphrase;
  return run_migrate(options);
}

Result<Done> ClusterCommands::run_recover() const {
  RecoverOptions options = recovering;
  options.passphrase = passphrase;
  options.wait = std::chrono::seconds(wait_s);
  options.settle = std::chrono::seconds(settle_s);
  SUYUAN_TRY(done, recover(options, [](const std::string& waiting) {
               std::fprintf(stderr, "%s\n", waiting.c_str());
             }));
  std::string nodes;
  for (const auto& name : done.nodes) nodes += " " + name;
  std::printf("log      %s in etcd continues after group %llu, with %llu leaves\n",
              options.order.log.c_str(), static_cast<unsigned long long>(done.position),
              static_cast<unsigned long long>(done.leaves));
  std::printf("agreed   %s\n", nodes.substr(1).c_str());
  if (done.own_leaves < done.leaves) {
    std::printf("missing  %llu leaves, which serve takes from node %s\n",
                static_cast<unsigned long long>(done.leaves - done.own_leaves),
                done.founder.c_str());
  }
  return Done{};
}

}  // namespace suyuan
