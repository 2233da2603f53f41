#include "node/commands/serve.h"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <csignal>

#include "ledger/os/files.h"
#include "node/commands/shared_options.h"
#include "node/node.h"
#include "node/upkeep/open_files.h"

namespace suyuan {
namespace {

// One line of key=value text for each event, without JSON, to stderr, where a service manager
// collects it.
void start_log(const std::string& level) {
  auto logger = spdlog::stderr_logger_mt("suyuan");
  logger->set_pattern("%Y-%m-%dT%H:%M:%S.%e%z level=%l %v");
  logger->set_level(spdlog::level::from_str(level));
  logger->flush_on(spdlog::level::info);
  spdlog::set_default_logger(logger);
}

}  // namespace

void ServeCommand::add_to(CLI::App& app) {
  command = app.add_subcommand("serve", "run the node");
  command->fallthrough();  // so that --config may follow it
  command->add_option("--data", options.data, "folder of the node's data")->required();
  add_passphrase_options(*command, options.passphrase);
  command->add_option("--rpc", rpc, "address for Cap'n Proto RPC")->capture_default_str();
  command->add_option("--http", http, "address for HTTP")->capture_default_str();
  add_load_options();
  add_quota_options();
  command->add_option("--log-level", options.log_level, "debug, info, warning, error")
      ->check(CLI::IsMember({"debug", "info", "warning", "error"}))
      ->capture_default_str();
  command->add_option("--ports-file", options.ports_file, "write the ports in use to this file");
  add_publishing_options();
  add_order_options();
  add_upkeep_options();
  command->add_flag("--no-epcis{false}", options.epcis,
                    "run without the EPCIS interface and its index");
  command->add_flag("--loopback-webhooks", options.loopback_webhooks,
                    "EPCIS subscriptions may report to this machine; for tests");
}

// Threads, queues, memory, connections.
void ServeCommand::add_load_options() {
  command
      ->add_option("--workers", options.workers,
                   "threads that verify and answer; 0: one for each core")
      ->check(CLI::Range(0, 256))
      ->capture_default_str();
  command
      ->add_option("--queue", options.queue,
                   "batches and questions that may wait for a thread; beyond that the answer is "
                   "BUSY")
      ->check(CLI::Range(1, 1 << 20))
      ->capture_default_str();
  command->add_option("--cache-mib", options.cache_mib, "memory for the store's block cache, MiB")
      ->check(CLI::Range(8, 1 << 20))
      ->capture_default_str();
  command->add_option("--map-mib", options.map_mib, "memory for the map of all chains, MiB")
      ->check(CLI::Range(8, 1 << 20))
      ->capture_default_str();
  command
      ->add_option("--rpc-connections", options.rpc_connections, "limit of RPC connections")
      ->check(CLI::Range(1, 1 << 16))
      ->capture_default_str();
  command
      ->add_option("--rpc-memory-mib", options.rpc_memory_mib,
                   "memory for data in flight on all RPC connections, MiB")
      ->check(CLI::Range(64, 1 << 20))
      ->capture_default_str();
  command
      ->add_option("--http-connections", options.http_connections,
                   "limit of HTTP connections")
      ->check(CLI::Range(1, 1 << 16))
      ->capture_default_str();
  const auto add_room = [&](const char* name, uint64_t& mib, const char* what) {
    command->add_option(name, mib, what)->check(CLI::Range(0, 1 << 30))->capture_default_str();
  };
  add_room("--attachments-party-mib", options.attachments.party_mib,
           "limit of one party's attachments, MiB; 0: no limit");
  add_room("--attachments-mib", options.attachments.all_mib,
           "limit of all attachments, MiB; 0: no limit");
  add_room("--attachments-leave-mib", options.attachments.leave_mib,
           "free disk space below which no attachment is accepted, MiB; 0: not checked");
}

// Of each client and each party.
void ServeCommand::add_quota_options() {
  QuotaOptions& quotas = options.quotas;
  const auto add_quota = [&](const char* name, uint32_t& quota, const char* what) {
    command->add_option(name, quota, what)->check(CLI::Range(0, 1'000'000))->capture_default_str();
  };
  add_quota("--client-posts", quotas.client_posts,
            "limit of batches per minute from one client address; 0: no limit");
  add_quota("--client-mib", quotas.client_mib,
            "limit of what one client address posts per minute, MiB, 32 or more; 0: no limit");
  add_quota("--client-reads", quotas.client_reads,
            "limit of questions per minute of one client address, except those under sessions, "
            "tokens and permits; 0: no limit");
  add_quota("--party-posts", quotas.party_posts,
            "limit of batches per minute of one party; 0: no limit");
  add_quota("--party-mib", quotas.party_mib,
            "limit of what one party posts per minute, MiB, 32 or more; 0: no limit");
  add_quota("--party-reads", quotas.party_reads,
            "limit of questions per minute under one party's sessions, tokens and permits; "
            "0: no limit");
  command
      ->add_option("--proxy", quotas.proxies,
                   "numeric address of a proxy in front, whose X-Forwarded-For names the client; "
                   "may be repeated")
      ->allow_extra_args(false);
}

// Seals, witnesses, TLS, scans.
void ServeCommand::add_publishing_options() {
  command
      ->add_option("--seal-interval-ms", options.seal_interval_ms,
                   "shortest time between two seals; 0: only on demand")
      ->check(CLI::Range(0, 3'600'000))
      ->capture_default_str();
  command
      ->add_option("--seal-idle-ms", options.seal_idle_ms,
                   "longest time without a seal, even if nothing came; 0: no limit")
      ->check(CLI::Range(0, 86'400'000))
      ->capture_default_str();
  command->add_option("--policy", options.policy,
                      "policy file with the URLs of the witnesses to ask for cosignatures");
  command->add_option("--witness-ca", options.witness_ca,
                      "PEM file with the authorities of the witnesses' certificates, instead of "
                      "the system's");
  command->add_option("--tls-cert", options.tls_cert,
                      "PEM file: certificate for HTTPS and RPC, then those up to its root");
  command->add_option("--tls-key", options.tls_key, "PEM file with its key");
  command->add_flag("--rpc-tls", options.rpc_tls,
                    "RPC with TLS even if only this machine can reach it");
  command->add_option("--tls-client-ca", options.tls_client_ca,
                      "PEM file: RPC accepts only clients with a certificate that one of these "
                      "authorities signed");
  command
      ->add_option("--tls-check-ms", options.tls_check_ms,
                   "how often these files are checked for changes")
      ->check(CLI::Range(10, 86'400'000))
      ->capture_default_str();
  command->add_option("--scan-policy", options.scan_policy,
                      "file that says what makes a scan suspect and which steps goods must show");
  command->add_option("--public-url", options.public_url,
                      "public address of the HTTP listener: https://trace.example");
  command->add_flag("--plain-beyond-loopback", options.plain_beyond_loopback,
                    "listen without TLS even where other machines can reach it");
}

void ServeCommand::add_order_options() {
  OrderOptions& order = options.order;
  command
      ->add_option("--order", order.kind,
                   "what orders the batches: embedded, or etcd, which several nodes share")
      ->check(CLI::IsMember({"embedded", "etcd"}))
      ->capture_default_str();
  add_etcd_options(*command, order);
  command->add_option("--peer-url", order.peer_url,
                      "address at which other nodes reach our HTTP listener, for what they missed");
  command->add_option("--peer-ca", order.peer_ca,
                      "PEM file with the authorities of the other nodes' certificates");
}

// Scrub, disk, what a restored folder needs.
void ServeCommand::add_upkeep_options() {
  command
      ->add_option("--scrub-mib-per-s", options.scrub_mib_per_s,
                   "how fast the store is read again to find damage; 0: not at all")
      ->check(CLI::Range(0, 1 << 16))
      ->capture_default_str();
  command
      ->add_option("--scrub-pause-s", options.scrub_pause_s,
                   "pause before each full pass")
      ->check(CLI::Range(0, 31'536'000))
      ->capture_default_str();
  command
      ->add_option("--disk-reserve-mib", options.disk_reserve_mib,
                   "nothing is accepted while less than this is free; 0: the disk is not watched")
      ->check(CLI::Range(0, 1 << 20))
      ->capture_default_str();
  command->add_flag("--nothing-newer-was-signed", options.nothing_newer_was_signed,
                    "your assurance, once, for a restored folder");
}

Result<Done> ServeCommand::run(WrapOrder wrap_order) const {
  ServeOptions with = options;
  start_log(with.log_level);
  SUYUAN_TRY(rpc_address, parse_address(rpc));
  SUYUAN_TRY(http_address, parse_address(http));
  with.rpc = rpc_address;
  with.http = http_address;
  SUYUAN_TRY_DONE(check_quotas(with.quotas));
  // If files may not grow or nobody reads the log, the write fails and the node continues.
  std::signal(SIGXFSZ, SIG_IGN);
  std::signal(SIGPIPE, SIG_IGN);
  SUYUAN_TRY_DONE(plan_open_files(with));
  SUYUAN_TRY(node, Node::open(with, system_now_ms, {}, std::move(wrap_order)));
  // Once the ports can be read, a signal may come at any time.
  return node->run(true, [&]() -> Result<Done> {
    if (with.ports_file.empty()) return Done{};
    const std::string ports = "rpc " + std::to_string(node->rpc_port()) + "\nhttp " +
                              std::to_string(node->http_port()) + "\n";
    return write_file(with.ports_file, ports, FileMode::shared);
  });
}

}  // namespace suyuan
