// suyuan-node: init makes a ledger, serve runs a node of it, export writes its log as files; key,
// join and migrate are for a ledger of several nodes.
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdio>

#include "ledger/base/text.h"
#include "ledger/os/files.h"
#include "node/epcis/gateway.h"
#include "node/export.h"
#include "node/init.h"
#include "node/node.h"
#include "node/node_keys.h"
#include "node/ordering.h"
#include "node/recover.h"
#include "node/upkeep/commands.h"
#include "node/upkeep/open_files.h"

namespace suyuan {
namespace {

constexpr int kExitOk = 0;
constexpr int kExitFailed = 1;
constexpr int kExitRolledBack = 3;  // a service manager must not start it again

int report(const Error& error) {
  std::fprintf(stderr, "suyuan-node: %s\n", to_text(error).c_str());
  return error.code == Code::ROLLED_BACK ? kExitRolledBack : kExitFailed;
}

int run_init(const InitOptions& options) {
  auto made = init_ledger(options, system_now_ms());
  if (!made) return report(made.error());
  const DataFolder folder{options.data};
  if (made->begun_again)
    std::printf("an init before this one was interrupted; what it had made was made anew\n");
  std::printf("ledger   %s\n", made->ledger.line().c_str());
  std::printf("genesis  %s   give this file to every client\n", folder.genesis().c_str());
  std::printf("policy   %s\n", folder.policy().c_str());
  for (const auto& path : made->authority_key_files) {
    std::printf(
        "authority key made: %s   move it to a safe place; whoever holds it registers parties\n",
        path.c_str());
  }
  std::printf("next     suyuan-node serve --data %s\n", options.data.c_str());
  return kExitOk;
}

int run_key(const KeyOptions& options) {
  const auto made = make_node_key(options);
  if (!made) return report(made.error());
  std::printf("%s=%s\n", made->name.c_str(), to_base64(made->key.view()).c_str());
  return kExitOk;
}

int run_seal_keys(const SealKeysOptions& options) {
  const auto sealed = seal_keys(options);
  if (!sealed) return report(sealed.error());
  std::printf("%zu key files sealed in %s/keys\n", *sealed, options.data.c_str());
  return kExitOk;
}

int run_join(const JoinOptions& options) {
  const auto ledger = join_ledger(options);
  if (!ledger) return report(ledger.error());
  std::printf("ledger   %s\n", ledger->line().c_str());
  std::printf("next     suyuan-node serve --data %s --order etcd --etcd host:port --etcd-log ...\n",
              options.data.c_str());
  return kExitOk;
}

int run_migrate(const std::string& data, const OrderOptions& order) {
  const auto migrated = migrate(data, order);
  if (!migrated) return report(migrated.error());
  std::printf("ledger   %s\n", migrated->ledger.line().c_str());
  std::printf("log      %s in etcd goes on from group %llu\n", order.log.c_str(),
              static_cast<unsigned long long>(migrated->position));
  return kExitOk;
}

int run_recover(const RecoverOptions& options) {
  const auto done = recover(options, [](const std::string& waiting) {
    std::fprintf(stderr, "%s\n", waiting.c_str());
  });
  if (!done) return report(done.error());
  std::string nodes;
  for (const auto& name : done->nodes) nodes += " " + name;
  std::printf("log      %s in etcd goes on behind group %llu, with %llu leaves\n",
              options.order.log.c_str(), static_cast<unsigned long long>(done->position),
              static_cast<unsigned long long>(done->leaves));
  std::printf("agreed   %s\n", nodes.substr(1).c_str());
  if (done->own_leaves < done->leaves) {
    std::printf("missing  %llu leaves, which serve takes from node %s\n",
                static_cast<unsigned long long>(done->leaves - done->own_leaves),
                done->founder.c_str());
  }
  return kExitOk;
}

int run_export(const std::string& data, const std::string& out, LogReadBy by) {
  ExportOptions options{.folder = out};
  options.progress = [](uint64_t leaves, uint64_t of) {
    if (leaves % (64 * 256) == 0 || leaves == of) {
      std::fprintf(stderr, "\r%llu of %llu leaves%s", static_cast<unsigned long long>(leaves),
                   static_cast<unsigned long long>(of), leaves == of ? "\n" : "");
    }
  };
  const auto exported = export_data(DataFolder{data}, options, by);
  if (!exported) return report(exported.error());
  std::printf("ledger   %s\n", exported->ledger.line().c_str());
  std::printf("folder   %s holds the whole log: %llu leaves, %llu of them new\n", out.c_str(),
              static_cast<unsigned long long>(exported->size),
              static_cast<unsigned long long>(exported->size - exported->older));
  return kExitOk;
}

// One line of JSON-free key=value text for each happening, to stderr, where a service manager
// collects it.
void start_log(const std::string& level) {
  auto logger = spdlog::stderr_logger_mt("suyuan");
  logger->set_pattern("%Y-%m-%dT%H:%M:%S.%e%z level=%l %v");
  logger->set_level(spdlog::level::from_str(level));
  logger->flush_on(spdlog::level::info);
  spdlog::set_default_logger(logger);
}

int run_serve(ServeOptions options, const std::string& rpc, const std::string& http) {
  start_log(options.log_level);
  auto rpc_address = parse_address(rpc);
  if (!rpc_address) return report(rpc_address.error());
  auto http_address = parse_address(http);
  if (!http_address) return report(http_address.error());
  options.rpc = *rpc_address;
  options.http = *http_address;
  // Where files may not grow or nobody reads the log, the write fails and we go on.
  std::signal(SIGXFSZ, SIG_IGN);
  std::signal(SIGPIPE, SIG_IGN);
  if (const auto planned = plan_open_files(options); !planned) return report(planned.error());
  auto node = Node::open(options, system_now_ms);
  if (!node) return report(node.error());
  if (!options.ports_file.empty()) {
    const std::string ports = "rpc " + std::to_string((*node)->rpc_port()) + "\nhttp " +
                              std::to_string((*node)->http_port()) + "\n";
    auto written = write_file(options.ports_file, ports, FileMode::shared);
    if (!written) return report(written.error());
  }
  auto ended = (*node)->run(true);
  return ended ? kExitOk : report(ended.error());
}

struct GatewayOptions {
  std::string data;
  std::string party;
  bool is_public = false;
  CLI::App* init = nullptr;
  CLI::App* add = nullptr;
  CLI::App* remove = nullptr;
  CLI::App* list = nullptr;
  bool is_parsed() const {
    return init->parsed() || add->parsed() || remove->parsed() || list->parsed();
  }
};

void add_gateway(CLI::App& app, GatewayOptions& options) {
  auto* gateway = app.add_subcommand("gateway", "sign for parties whose programs cannot");
  gateway->require_subcommand(1);
  const auto add = [&](const std::string& name, const std::string& about, bool needs_party) {
    auto* command = gateway->add_subcommand(name, about);
    command->add_option("--data", options.data, "folder of the node's data")->required();
    if (needs_party) command->add_option("party", options.party, "party id")->required();
    return command;
  };
  options.init = add("init", "make the key of the gateway party", true);
  options.add = add("add-token", "a token for a party's program; it is shown this once", true);
  options.add->add_flag("--public", options.is_public,
                        "what it captures is for everyone where the request does not say");
  options.remove = add("remove-tokens", "all tokens of a party end", true);
  options.list = add("tokens", "which parties have tokens", false);
}

int run_gateway(const GatewayOptions& options) {
  const epcis::GatewayFolder folder{DataFolder{options.data}.gateway()};
  if (options.init->parsed()) {
    const auto key = epcis::make_gateway_key(folder, options.party);
    if (!key) return report(key.error());
    std::printf("key      %s\npublic   %s   register it for %s: suyuan register --key FILE\n",
                folder.key().c_str(), to_base64(key->view()).c_str(), options.party.c_str());
  } else if (options.add->parsed()) {
    const auto token =
        epcis::add_token(folder, {.party = options.party, .is_public = options.is_public});
    if (!token) return report(token.error());
    std::printf("%s\n", token->c_str());
  } else if (options.remove->parsed()) {
    const auto removed = epcis::remove_tokens(folder, options.party);
    if (!removed) return report(removed.error());
    std::printf("%zu removed\n", *removed);
  } else {
    const auto lines = epcis::read_tokens(folder);
    if (!lines) return report(lines.error());
    for (const auto& line : *lines) {
      std::printf("%s  %s  %s\n", to_hex(line.hash.view()).substr(0, 12).c_str(),
                  line.bearer.party.c_str(), line.bearer.is_public ? "public" : "partner");
    }
  }
  return kExitOk;
}

void add_passphrase_options(CLI::App& command, PassphraseSource& source) {
  command.add_option("--passphrase-file", source.file,
                     "file, mode 0600, with the passphrase of the key files");
  command.add_option("--passphrase-fd", source.descriptor,
                     "descriptor that is open for reading, with the passphrase")
      ->check(CLI::Range(0, 1 << 20));
}

void add_etcd_options(CLI::App& command, OrderOptions& order) {
  command.add_option("--etcd", order.endpoints, "members of etcd: host:port,host:port");
  command.add_option("--etcd-log", order.log, "name of the ledger's log in etcd")
      ->capture_default_str();
  command.add_option("--etcd-ca", order.ca, "PEM file: who vouches for etcd; TLS to etcd");
  command.add_option("--etcd-cert", order.cert, "PEM file with our certificate for etcd");
  command.add_option("--etcd-key", order.key, "PEM file with its key");
  command.add_option("--etcd-user", order.user, "our name in etcd, where it asks for one");
  command.add_option("--etcd-password-file", order.password_file,
                     "file, mode 0600, with its password");
}

void add_peer_options(CLI::App& command, OrderOptions& order) {
  command.add_option("--peer-url", order.peer_url,
                     "where other nodes reach our HTTP listener, for what they missed");
  command.add_option("--peer-ca", order.peer_ca, "PEM file: who vouches for the other nodes");
}

int run(int argc, char** argv) {
  CLI::App app{"Suyuan 溯源: a quality traceability ledger. A node of it."};
  app.set_version_flag("--version", SUYUAN_VERSION);
  app.require_subcommand(1);
  // CLI11 reads a file for the whole program alone: the options of serve stand in it under [serve].
  app.set_config("--config", "",
                 "file with the options of serve under [serve], a line 'name = value' for each");
  app.allow_config_extras(CLI::config_extras_mode::error);  // a misspelt name must not pass

  InitOptions init;
  auto* init_command = app.add_subcommand("init", "make a ledger: keys, genesis, an empty store");
  init_command->add_option("--data", init.data, "folder of the node's data")->required();
  init_command->add_option("--origin", init.origin, "name of the ledger, such as example.org/trace")
      ->capture_default_str();
  init_command->add_option("--name", init.node_name, "name under which this node signs receipts")
      ->capture_default_str();
  init_command->add_option(
      "--authority", init.authorities,
      "<party id>=<base64 public key> of an authority; none: one is made here");

  init_command->add_option(
      "--node", init.nodes,
      "<name>=<base64 public key> of a further node, as suyuan-node key printed it");

  add_passphrase_options(*init_command, init.passphrase);

  KeyOptions key;
  auto* key_command = app.add_subcommand("key", "make a node's key, for a ledger of several nodes");
  key_command->add_option("--data", key.data, "folder of the node's data")->required();
  key_command->add_option("--name", key.node_name, "name under which the node signs receipts")
      ->required();

  add_passphrase_options(*key_command, key.passphrase);

  SealKeysOptions sealing;
  auto* seal_command = app.add_subcommand("seal-keys", "seal a stopped node's key files");
  seal_command->add_option("--data", sealing.data, "folder of the node's data")->required();
  add_passphrase_options(*seal_command, sealing.passphrase);

  JoinOptions join;
  auto* join_command = app.add_subcommand("join", "become a node of a ledger that names our key");
  join_command->add_option("--data", join.data, "folder in which suyuan-node key was run")
      ->required();
  join_command->add_option("--genesis", join.genesis, "genesis.leaf of the ledger")->required();
  join_command->add_option("--log-key", join.log_key, "keys/log.key of the ledger")->required();

  add_passphrase_options(*join_command, join.passphrase);

  std::string migrate_data;
  OrderOptions migrate_order{.kind = "etcd"};
  auto* migrate_command = app.add_subcommand(
      "migrate", "make the ledger's ordered log in etcd, going on from where the ledger stands");
  migrate_command->add_option("--data", migrate_data, "folder of the node's data")->required();
  add_etcd_options(*migrate_command, migrate_order);

  RecoverOptions recovering;
  recovering.order.kind = "etcd";
  uint64_t recover_wait_s = 600;
  uint64_t recover_settle_s = 10;
  auto* recover_command = app.add_subcommand(
      "recover", "etcd lost the log: agree with the other nodes where it goes on. On each node");
  recover_command->add_option("--data", recovering.data, "folder of the node's data")->required();
  add_etcd_options(*recover_command, recovering.order);
  recover_command
      ->add_option("--wait", recover_wait_s, "seconds to wait for more than half of the nodes")
      ->capture_default_str();
  recover_command
      ->add_option("--settle", recover_settle_s, "seconds to wait for the others, once half came")
      ->capture_default_str();

  ServeOptions serve;
  std::string rpc = "127.0.0.1:7400";
  std::string http = "127.0.0.1:7480";
  auto* serve_command = app.add_subcommand("serve", "run the node");
  serve_command->fallthrough();  // so that --config may follow it
  serve_command->add_option("--data", serve.data, "folder of the node's data")->required();
  add_passphrase_options(*serve_command, serve.passphrase);
  serve_command->add_option("--rpc", rpc, "address for Cap'n Proto RPC")->capture_default_str();
  serve_command->add_option("--http", http, "address for HTTP")->capture_default_str();
  serve_command
      ->add_option("--workers", serve.workers,
                   "threads that verify and answer; 0: one for each core")
      ->check(CLI::Range(0, 256))
      ->capture_default_str();
  serve_command
      ->add_option("--queue", serve.queue,
                   "batches and questions that may wait for a thread; above it the answer is BUSY")
      ->check(CLI::Range(1, 1 << 20))
      ->capture_default_str();
  serve_command
      ->add_option("--cache-mib", serve.cache_mib, "memory for the store's block cache, MiB")
      ->check(CLI::Range(8, 1 << 20))
      ->capture_default_str();
  serve_command
      ->add_option("--rpc-connections", serve.rpc_connections, "most RPC connections at a time")
      ->check(CLI::Range(1, 1 << 16))
      ->capture_default_str();
  serve_command
      ->add_option("--rpc-memory-mib", serve.rpc_memory_mib,
                   "memory for what all RPC connections have in flight, MiB")
      ->check(CLI::Range(64, 1 << 20))
      ->capture_default_str();
  serve_command
      ->add_option("--http-connections", serve.http_connections, "most HTTP connections at a time")
      ->check(CLI::Range(1, 1 << 16))
      ->capture_default_str();
  serve_command->add_option("--log-level", serve.log_level, "debug, info, warning, error")
      ->check(CLI::IsMember({"debug", "info", "warning", "error"}))
      ->capture_default_str();
  serve_command->add_option("--ports-file", serve.ports_file, "write the ports taken to this file");
  serve_command
      ->add_option("--seal-interval-ms", serve.seal_interval_ms,
                   "shortest time between two seals; 0: only on demand")
      ->check(CLI::Range(0, 3'600'000))
      ->capture_default_str();
  serve_command->add_option("--policy", serve.policy,
                            "policy file with the URLs of the witnesses that are asked to cosign");
  serve_command->add_option("--tls-cert", serve.tls_cert,
                            "PEM file: certificate for HTTPS and RPC, then those up to its root");
  serve_command->add_option("--tls-key", serve.tls_key, "PEM file with its key");
  serve_command->add_flag("--rpc-tls", serve.rpc_tls,
                          "RPC with TLS also where only this machine reaches it");
  serve_command->add_option("--tls-client-ca", serve.tls_client_ca,
                            "PEM file: RPC takes only clients with a certificate that one of these "
                            "authorities signed");
  serve_command
      ->add_option("--tls-check-ms", serve.tls_check_ms,
                   "how often these files are looked at for a change")
      ->check(CLI::Range(10, 86'400'000))
      ->capture_default_str();
  serve_command->add_option("--witness-ca", serve.witness_ca,
                            "PEM file with the authorities of the witnesses' certificates, in "
                            "place of the system's");
  serve_command->add_option("--scan-policy", serve.scan_policy,
                            "file with what makes a scan suspect and which steps goods must show");
  serve_command
      ->add_option("--seal-idle-ms", serve.seal_idle_ms,
                   "longest time without a seal, also where nothing came; 0: no limit")
      ->check(CLI::Range(0, 86'400'000))
      ->capture_default_str();
  serve_command
      ->add_option("--order", serve.order.kind,
                   "where batches get their order: embedded, or etcd, which several nodes share")
      ->check(CLI::IsMember({"embedded", "etcd"}))
      ->capture_default_str();
  add_etcd_options(*serve_command, serve.order);
  add_peer_options(*serve_command, serve.order);
  serve_command->add_option("--public-url", serve.public_url,
                            "how the world reaches the HTTP listener: https://trace.example");
  serve_command->add_flag("--plain-beyond-loopback", serve.plain_beyond_loopback,
                          "listen without TLS where other machines reach it");

  const auto add_quota = [&](const char* name, uint32_t& quota, const char* what) {
    serve_command->add_option(name, quota, what)->check(CLI::Range(0, 1'000'000));
  };
  add_quota("--client-posts", serve.quotas.client_posts,
            "most batches in a minute from one client address; 0: no limit");
  add_quota("--party-posts", serve.quotas.party_posts,
            "most batches in a minute of one party; 0: no limit");
  add_quota("--party-reads", serve.quotas.party_reads,
            "most questions in a minute under sessions of one party; 0: no limit");
  serve_command
      ->add_option("--scrub-mib-per-s", serve.scrub_mib_per_s,
                   "how fast the store is read again to find damage; 0: not at all")
      ->check(CLI::Range(0, 1 << 16))
      ->capture_default_str();
  serve_command
      ->add_option("--scrub-pause-s", serve.scrub_pause_s,
                   "before each time that all of it is read")
      ->check(CLI::Range(0, 31'536'000))
      ->capture_default_str();
  serve_command
      ->add_option("--disk-reserve-mib", serve.disk_reserve_mib,
                   "nothing is taken while less than this is free; 0: the disk is not watched")
      ->check(CLI::Range(0, 1 << 20))
      ->capture_default_str();
  serve_command->add_flag("--nothing-newer-was-signed", serve.nothing_newer_was_signed,
                          "your word, once, for a folder that was restored");

  serve_command->add_flag("--no-epcis{false}", serve.epcis,
                          "neither the EPCIS interface nor its index");
  serve_command->add_flag("--loopback-webhooks", serve.loopback_webhooks,
                          "EPCIS subscriptions may report to this machine: for tests");

  GatewayOptions gateway;
  add_gateway(app, gateway);

  std::string export_from;
  std::string export_to;
  bool export_all = false;
  auto* export_command =
      app.add_subcommand("export", "the log of a node that is not running, as static files");
  export_command->add_option("--data", export_from, "folder of the node's data")->required();
  export_command
      ->add_option("--out", export_to, "folder of the files; run again, only what is new is added")
      ->required();
  export_command->add_flag("--all", export_all,
                           "also what is for partners alone: for import, not to be published");

  UpkeepCommands upkeep;
  upkeep.add_to(app);

  CLI11_PARSE(app, argc, argv);
  if (init_command->parsed()) return run_init(init);
  if (key_command->parsed()) return run_key(key);
  if (seal_command->parsed()) return run_seal_keys(sealing);
  if (join_command->parsed()) return run_join(join);
  if (migrate_command->parsed()) return run_migrate(migrate_data, migrate_order);
  if (recover_command->parsed()) {
    recovering.wait = std::chrono::seconds(recover_wait_s);
    recovering.settle = std::chrono::seconds(recover_settle_s);
    return run_recover(recovering);
  }
  if (export_command->parsed()) {
    return run_export(export_from, export_to, export_all ? LogReadBy::owner : LogReadBy::anyone);
  }
  if (gateway.is_parsed()) return run_gateway(gateway);
  if (upkeep.is_parsed()) {
    const auto done = upkeep.run();
    return done ? kExitOk : report(done.error());
  }
  return run_serve(serve, rpc, http);
}

}  // namespace
}  // namespace suyuan

int main(int argc, char** argv) {
  if (const auto kept = suyuan::forbid_core_dumps(); !kept)
    std::fprintf(stderr, "suyuan-node: %s\n", suyuan::to_text(kept.error()).c_str());
  return suyuan::run(argc, argv);
}
