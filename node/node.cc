#include "node/node.h"

#include <spdlog/spdlog.h>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <algorithm>

#include "ledger/apply/apply.h"
#include "node/folder/opening.h"
#include "node/folder/restored_mark.h"
#include "node/folder/trust_policy.h"
#include "node/handlers.h"
#include "node/parts.h"
#include "node/peers/divergence.h"
#include "node/peers/known_rules.h"
#include "node/settings.h"
#include "node/startup/ordering.h"
#include "node/startup/rejoin.h"

namespace suyuan {
namespace asio = boost::asio;
namespace {

// Always ROLLED_BACK: if a service manager started it again, it would serve another ledger until
// that is detected once more.
Result<Done> end_of_diverged(const std::string& data) {
  auto kept = check_no_evidence(data);
  if (!kept && kept.error().code == Code::ROLLED_BACK) return kept;
  return fail(Code::ROLLED_BACK, "this node's ledger differs from its peers', and the evidence "
                                 "could not be kept in " + data + ": its log has it");
}

// Judged by the log up to the store's present place; a joining node may still be before it.
Result<Done> check_member(const OpenedFolder& folder, const std::string& data) {
  SUYUAN_TRY(rules, rules_to_serve(DataFolder{data}, folder.store->latest(), folder.genesis,
                                   folder.ledger));
  const NamedKey own{.name = folder.node_key.name, .key = folder.node_key.pair.key};
  if (std::ranges::find(rules.nodes, own) != rules.nodes.end()) return Done{};
  return fail(Code::KEY_NOT_IN_FORCE, "node " + own.name + " is no longer one of the ledger's "
                                      "nodes, by a notice of its authorities (docs/cluster.md)");
}

// Witnesses are asked first: what they had cosigned by then is in the log before the end that is
// found. Nullopt: unknown, and the store can do without it.
Result<std::optional<LogEnd>> find_log_end(const NewestQuestion& newest, Rejoin back) {
  SUYUAN_TRY(witnessed, ask_how_far(newest));
  SUYUAN_TRY(head, read_head(newest.store));
  SUYUAN_TRY(restored, is_restored(newest.folder));
  back.needs_end = restored || witnessed.leaves > head.leaves;
  SUYUAN_TRY(tail, rejoin(back));
  if (!tail) return std::optional<LogEnd>();
  return std::optional(LogEnd{.position = *tail, .witnessed = std::move(witnessed)});
}

}  // namespace

Result<std::unique_ptr<Node>> Node::open(const ServeOptions& options, Clock clock,
                                         OnPublishStep on_step, WrapOrder wrap_order) {
  const bool http_is_plain = options.tls_cert.empty() && options.tls_key.empty();
  SUYUAN_TRY(rpc_has_tls, rpc_speaks_tls(options));
  if (!rpc_has_tls) SUYUAN_TRY_DONE(check_plain(options.rpc, "RPC", options));
  if (http_is_plain) SUYUAN_TRY_DONE(check_plain(options.http, "HTTP", options));
  SUYUAN_TRY(scan_policy, read_scan_policy(options.scan_policy));
  if (!options.public_url.empty()) {
    SUYUAN_TRY_DONE(http::check_public_url(options.public_url));
  }
  SUYUAN_TRY(etcd, open_shared_log(options.order));
  SUYUAN_TRY_DONE(check_no_evidence(options.data));
  SUYUAN_TRY(folder, open_folder(DataFolder{options.data}, options));
  SUYUAN_TRY_DONE(check_order(options.order, folder.store->latest()));
  SUYUAN_TRY_DONE(check_member(folder, options.data));
  const LedgerId ledger = folder.ledger;
  SUYUAN_TRY(policy, read_trust_policy(options, ledger, folder.log_key));
  SUYUAN_TRY(witnesses, open_witnesses(options, policy));
  const DataFolder data{options.data};
  NewestQuestion newest{.folder = data,
                        .store = folder.store->latest(),
                        .witnesses = witnesses.get(),
                        .word_given = options.nothing_newer_was_signed};
  std::optional<LogEnd> log_end;
  if (etcd) {
    SUYUAN_TRY(end, find_log_end(newest, {.folder = folder,
                                          .order = options.order,
                                          .kv = *etcd,
                                          .clock = clock,
                                          .threads = worker_count(options)}));
    log_end = std::move(end);
  }
  SUYUAN_TRY_DONE(check_member(folder, options.data));
  SUYUAN_TRY(rules, Members::read(folder.store->latest(), folder.genesis));
  SUYUAN_TRY_DONE(keep_rules_file(data, folder.store->latest(), rules.back()));
  newest.nodes = rules.back().nodes.size();
  if (!etcd) SUYUAN_TRY_DONE(check_newest(newest));
  SUYUAN_TRY(opened, open_state(*folder.store, worker_count(options), options.map_mib << 20));
  const uint64_t leaves = opened.state.head.leaves;
  auto gateway_key = std::move(folder.gateway_key);
  auto parts = std::make_unique<Parts>(NodeInputs{.options = options,
                                                  .clock = std::move(clock),
                                                  .folder = std::move(folder),
                                                  .map = opened.state.map,
                                                  .policy = std::move(policy),
                                                  .scan_policy = std::move(scan_policy),
                                                  .witnesses = std::move(witnesses),
                                                  .etcd = std::move(etcd),
                                                  .rules = std::move(rules),
                                                  .log_end = std::move(log_end),
                                                  .on_step = std::move(on_step),
                                                  .wrap_order = std::move(wrap_order)});
  SUYUAN_TRY_DONE(parts->start(std::move(opened), options, std::move(gateway_key)));
  spdlog::info("ledger {} with {} leaves; rpc {}:{} http {}:{}", ledger.line(), leaves,
               options.rpc.host, parts->listeners->rpc_port(), options.http.host,
               parts->listeners->http_port());
  return std::unique_ptr<Node>(new Node(std::move(parts)));
}

Node::Node(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

Node::~Node() = default;

uint16_t Node::rpc_port() const { return parts_->listeners->rpc_port(); }
uint16_t Node::http_port() const { return parts_->listeners->http_port(); }
std::vector<std::string> Node::http_routes() const { return parts_->router.routes(); }

Result<Done> Node::run(bool signals, const std::function<Result<Done>()>& ready) {
  asio::signal_set signal_set(parts_->io);
  asio::signal_set hangup(parts_->io);
  if (signals) {
    signal_set.add(SIGTERM);
    signal_set.add(SIGINT);
    signal_set.async_wait([this](boost::system::error_code error, int) {
      if (!error) parts_->begin_stop();
    });
  }
  // For each SIGHUP, as long as the node runs.
  std::function<void()> await_hangup = [&] {
    hangup.async_wait([&](boost::system::error_code error, int) {
      if (error) return;
      parts_->listeners->reload_tls(true);
      await_hangup();
    });
  };
  if (signals) {
    hangup.add(SIGHUP);
    await_hangup();
  }
  if (ready) SUYUAN_TRY_DONE(ready());
  const auto guard = asio::make_work_guard(parts_->io);
  run_handlers(parts_->io, [this](const Error& why) { parts_->end_with(why); });
  if (parts_->drain.joinable()) parts_->drain.join();
  const auto read_only = parts_->pipeline.read_only_reason();
  spdlog::info("stopped");
  if (parts_->log.has_diverged()) return end_of_diverged(parts_->data);
  if (const auto why = parts_->ended_with()) return Unexpected(*why);
  if (read_only.empty()) return Done{};
  return fail(Code::READ_ONLY, "the store could not be written: " + read_only);
}

void Node::stop() {
  asio::post(parts_->io, [this] { parts_->begin_stop(); });
}

}  // namespace suyuan
