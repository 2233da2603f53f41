#include "node/node.h"

#include <spdlog/spdlog.h>
#include <algorithm>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <algorithm>
#include <thread>

#include "ledger/order/embedded.h"
#include "ledger/os/files.h"
#include "node/epcis_side.h"
#include "node/growth.h"
#include "node/http/api.h"
#include "node/http/server.h"
#include "node/map_keeper.h"
#include "node/opening.h"
#include "node/ops/metrics.h"
#include "node/pipeline.h"
#include "node/publisher.h"
#include "node/rpc/event_port.h"
#include "node/ops/scan_metrics.h"
#include "node/ops/tls_metrics.h"
#include "node/rpc/rpc_listener.h"
#include "node/scans/desk.h"
#include "node/sealer.h"
#include "node/service.h"
#include "node/trust_policy.h"
#include "node/witnesses.h"
#include "proto/json/verdict_json.h"

namespace suyuan {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

// After the last answer is handed to its connection: time for the peer to read it.
constexpr auto kFlushTime = std::chrono::milliseconds(300);
constexpr auto kDrainPoll = std::chrono::milliseconds(5);

tcp::endpoint endpoint_of(const Address& address) {
  return {asio::ip::make_address(address.host), address.port};
}

size_t worker_count(size_t asked) {
  if (asked != 0) return asked;
  const size_t cores = std::thread::hardware_concurrency();
  return cores == 0 ? 2 : cores;
}

// Null where no policy is given.
Result<std::unique_ptr<HttpWitnesses>> open_witnesses(const ServeOptions& options,
                                                      const std::string& policy_text) {
  if (options.policy.empty()) return std::unique_ptr<HttpWitnesses>();
  SUYUAN_TRY(policy, parse_policy(policy_text));
  return HttpWitnesses::make(policy, {}, options.witness_ca);
}

Result<ScanPolicy> read_scan_policy(const std::string& path) {
  if (path.empty()) return ScanPolicy{};
  SUYUAN_TRY(text, read_file(path, limits::kScanPolicyBytesMax));
  auto policy = parse_scan_policy(text);
  if (policy) return policy;
  Error error = std::move(policy).error();
  error.field = "--scan-policy" + (error.field.empty() ? "" : " " + error.field);
  return Unexpected(std::move(error));
}

// A listener without TLS that other machines reach: only where the operator says so, and not
// without a word.
Result<Done> check_plain(const Address& address, const char* what, const ServeOptions& options) {
  if (is_loopback(address)) return Done{};
  if (options.plain_beyond_loopback) {
    spdlog::warn("{} on {} speaks plain text to other machines: whoever is on the way reads it",
                 what, address.host);
    return Done{};
  }
  return fail(Code::INVALID_FIELD,
              address.host +
                  " is reachable from other machines, and this port speaks plain text; listen on "
                  "loopback, give HTTP a certificate (--tls-cert, --tls-key), or say "
                  "--plain-beyond-loopback",
              "listen");
}

constexpr auto kSweepPause = std::chrono::hours(1);

}  // namespace

// In the order of construction; the last is destroyed first.
struct Node::Parts {
  Parts(const ServeOptions& options, Clock clock, OpenedFolder folder, ChainMap made,
        std::string policy, ScanPolicy scan_policy, std::unique_ptr<HttpWitnesses> asked,
        OnPublishStep on_step)
      : store(std::move(folder.store)),
        signer(std::move(folder.ledger), std::move(folder.node_key)),
        port(io),
        growth(io),
        published_growth(io),
        map(std::move(made)),
        workers(worker_count(options.workers), options.queue),
        order({.clock = clock}),
        pipeline({.store = *store,
                  .order = order,
                  .workers = workers,
                  .metrics = metrics,
                  .signer = signer,
                  .map = map,
                  .on_grown = [this](const LedgerHead& head) { on_grown(head); },
                  .on_sealed = [this](Sealed sealed) { publisher.publish(std::move(sealed)); }}),
        sealer({.io = io,
                .interval = std::chrono::milliseconds(options.seal_interval_ms),
                .idle = std::chrono::milliseconds(options.seal_idle_ms),
                .order_seal = [this] { return pipeline.order_seal(); }}),
        witnesses(std::move(asked)),
        publisher({.store = *store,
                   .published = published,
                   .metrics = metrics,
                   .clock = clock,
                   .log_key = std::move(folder.log_key),
                   .witnesses = witnesses.get(),
                   .on_published = [this](const Published& newest) { on_published(newest); },
                   .on_fault = [this](const Error& fault) { pipeline.report_fault(fault); },
                   .on_step = std::move(on_step)},
                  std::move(folder.watermark)),
        scans(DataFolder{options.data}.scans(), std::move(scan_policy), clock()),
        service({.io = io,
                 .store = *store,
                 .workers = workers,
                 .pipeline = pipeline,
                 .growth = growth,
                 .published = published,
                 .published_growth = published_growth,
                 .sealer = sealer,
                 .seals_by_itself = options.seal_interval_ms != 0,
                 .metrics = metrics,
                 .clock = std::move(clock),
                 .node_name = signer.name(),
                 .scans = scans,
                 .policy = std::move(policy)}),
        router(http::make_api(service, {.public_url = options.public_url,
                                        .epcis = options.epcis})) {
    metrics.watch([this] { return store->metrics(); });
    metrics.also([this] { return scan_families(scans); });
    metrics.also([this] { return tls_families(*http); });
    if (!scans.fault().empty())
      spdlog::warn("scans are not noted, verdicts come without history: {}", scans.fault());
  }

  std::unique_ptr<RocksStore> store;
  Metrics metrics;
  ReceiptSigner signer;
  asio::io_context io{1};
  EventPort port;
  Growth growth;
  PublishedState published;
  Growth published_growth;
  MapKeeper map;
  Workers workers;
  EmbeddedOrder order;
  Pipeline pipeline;
  Sealer sealer;
  std::unique_ptr<HttpWitnesses> witnesses;  // null: none are asked
  Publisher publisher;
  ScanDesk scans;
  Service service;
  http::Router router;
  asio::steady_timer sweep_timer{io};
  asio::steady_timer tls_timer{io};
  std::unique_ptr<EpcisSide> epcis;  // null: it is not served
  std::unique_ptr<http::Server> http;
  std::unique_ptr<RpcListener> rpc;
  std::thread drain;
  bool stopping = false;

  // What the store held at the start: it is published again, or sealed now.
  Result<Done> resume(OpenedState opened);
  Result<Done> listen(const ServeOptions& options);
  void on_grown(const LedgerHead& head);
  void on_published(const Published& newest);
  void sweep_scans();
  void watch_certificate(std::chrono::milliseconds pause);
  void begin_stop();
  void drain_all();
};

Result<Done> Node::Parts::resume(OpenedState opened) {
  metrics.log_leaves.Set(static_cast<double>(opened.state.head.leaves));
  const LedgerHead head = opened.state.head;
  SUYUAN_TRY_DONE(publisher.load(*opened.state.state));
  bool in_flight = false;
  if (opened.is_sealed) {
    SUYUAN_TRY(restored, publisher.restore(opened.state));
    in_flight = !restored;  // it ended between the seal's commit and its publication
  }
  const int64_t age_ms = std::max<int64_t>(0, service.parts().clock() - head.time_ms);
  sealer.resume(std::chrono::milliseconds(age_ms), in_flight);
  if (in_flight) publisher.publish(std::move(opened.state));
  publisher.start();
  SUYUAN_TRY_DONE(pipeline.start());
  on_grown(head);
  return Done{};
}

void Node::Parts::on_grown(const LedgerHead& head) {
  growth.advance(head.leaves);
  if (epcis) epcis->grown(head.leaves);
  sealer.grown(head);
}

void Node::Parts::on_published(const Published& newest) {
  published_growth.advance(newest.size());
  sealer.published();
}

Result<Done> Node::Parts::listen(const ServeOptions& options) {
  http::ServerLimits http_limits;
  http_limits.connections_max = options.http_connections;
  auto handler = [this](http::Request request, http::Reply reply) {
    if (epcis && EpcisSide::is_ours(request))
      return epcis->handle(std::move(request), std::move(reply));
    router.handle(std::move(request), std::move(reply));
  };
  std::unique_ptr<http::TlsIdentity> tls;
  if (!options.tls_cert.empty() || !options.tls_key.empty()) {
    SUYUAN_TRY(loaded, http::TlsIdentity::load({.cert = options.tls_cert, .key = options.tls_key}));
    tls = std::move(loaded);
  }
  const bool has_tls = tls != nullptr;
  SUYUAN_TRY(http_server, http::Server::listen(io, endpoint_of(options.http), handler, http_limits,
                                               std::move(tls)));
  http = std::move(http_server);
  if (has_tls) watch_certificate(std::chrono::milliseconds(options.tls_check_ms));
  RpcLimits rpc_limits;
  rpc_limits.connections_max = options.rpc_connections;
  const size_t quarter = (options.rpc_memory_mib << 20) / 4;
  rpc_limits.submitted_bytes_max_all = 2 * quarter;
  rpc_limits.streams = {.unfinished_bytes_max = quarter, .unsent_bytes_max = quarter};
  SUYUAN_TRY(rpc_listener,
             RpcListener::listen(port, endpoint_of(options.rpc), service, rpc_limits));
  rpc = std::move(rpc_listener);
  return Done{};
}

void Node::Parts::watch_certificate(std::chrono::milliseconds pause) {
  tls_timer.expires_after(pause);
  tls_timer.async_wait([this, pause](boost::system::error_code error) {
    if (error || stopping) return;
    http->reload_tls(false);
    watch_certificate(pause);
  });
}

// Now and every hour, on the network thread; the work is a worker's.
void Node::Parts::sweep_scans() {
  if (!workers.post([this] { scans.sweep(service.parts().clock()); }))
    spdlog::info("old scans are removed an hour later: all threads have much to do");
  sweep_timer.expires_after(kSweepPause);
  sweep_timer.async_wait([this](boost::system::error_code error) {
    if (!error && !stopping) sweep_scans();
  });
}

// On the network thread. What was taken is still answered: another thread waits for it, so that
// this one can deliver.
void Node::Parts::begin_stop() {
  if (stopping) return;
  stopping = true;
  spdlog::info("stopping: no new connections, answering what was taken");
  service.stop();
  if (http) http->stop();
  if (rpc) rpc->stop();
  growth.stop();
  if (epcis) epcis->stop_waiting();
  published_growth.stop();
  sealer.stop();
  sweep_timer.cancel();
  tls_timer.cancel();
  drain = std::thread([this] { drain_all(); });
}

void Node::Parts::drain_all() {
  const auto wait_for_workers = [this] {
    while (workers.queued() > 0) std::this_thread::sleep_for(kDrainPoll);
  };
  wait_for_workers();
  order.stop();
  publisher.stop();
  wait_for_workers();
  std::this_thread::sleep_for(kFlushTime);
  asio::post(io, [this] {
    if (rpc) rpc->close();
    io.stop();
  });
}

Result<std::unique_ptr<Node>> Node::open(const ServeOptions& options, Clock clock,
                                         OnPublishStep on_step) {
  const bool http_is_plain = options.tls_cert.empty() && options.tls_key.empty();
  SUYUAN_TRY_DONE(check_plain(options.rpc, "RPC", options));
  if (http_is_plain) SUYUAN_TRY_DONE(check_plain(options.http, "HTTP", options));
  SUYUAN_TRY(scan_policy, read_scan_policy(options.scan_policy));
  if (!options.public_url.empty()) {
    SUYUAN_TRY_DONE(http::check_public_url(options.public_url));
  }
  SUYUAN_TRY(folder, open_folder(DataFolder{options.data}, options));
  const LedgerId ledger = folder.ledger;
  SUYUAN_TRY(policy, read_trust_policy(options, ledger, folder.log_key));
  SUYUAN_TRY(witnesses, open_witnesses(options, policy));
  SUYUAN_TRY(opened, open_state(*folder.store, worker_count(options.workers)));
  const uint64_t leaves = opened.state.head.leaves;
  auto parts = std::make_unique<Parts>(options, std::move(clock), std::move(folder),
                                       opened.state.map, std::move(policy),
                                       std::move(scan_policy),
                                       std::move(witnesses), std::move(on_step));
  if (parts->witnesses) parts->witnesses->count_in(parts->metrics);
  if (options.epcis) {
    SUYUAN_TRY(epcis,
               EpcisSide::open(DataFolder{options.data}, options, ledger, parts->service));
    parts->epcis = std::move(epcis);
  }
  SUYUAN_TRY_DONE(parts->resume(std::move(opened)));
  SUYUAN_TRY_DONE(parts->listen(options));
  parts->sweep_scans();
  spdlog::info("ledger {} with {} leaves; rpc {}:{} http {}:{}", ledger.line(), leaves,
               options.rpc.host, parts->rpc->port(), options.http.host, parts->http->port());
  return std::unique_ptr<Node>(new Node(std::move(parts)));
}

Node::Node(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

Node::~Node() {
  parts_->order.stop();
  parts_->publisher.stop();
  if (parts_->epcis) parts_->epcis->stop();
  parts_->workers.stop();
  if (parts_->drain.joinable()) parts_->drain.join();
  // KJ objects die on the thread that made them, while their loop is there.
  parts_->rpc.reset();
}

uint16_t Node::rpc_port() const { return parts_->rpc->port(); }
uint16_t Node::http_port() const { return parts_->http->port(); }
std::vector<std::string> Node::http_routes() const { return parts_->router.routes(); }

Result<Done> Node::run(bool signals) {
  asio::signal_set signal_set(parts_->io);
  asio::signal_set hangup(parts_->io);
  if (signals) {
    signal_set.add(SIGTERM);
    signal_set.add(SIGINT);
    signal_set.async_wait([this](boost::system::error_code error, int) {
      if (!error) parts_->begin_stop();
    });
  }
  // Once for each SIGHUP, for as long as the node runs.
  std::function<void()> await_hangup = [&] {
    hangup.async_wait([&](boost::system::error_code error, int) {
      if (error) return;
      parts_->http->reload_tls(true);
      await_hangup();
    });
  };
  if (signals) {
    hangup.add(SIGHUP);
    await_hangup();
  }
  const auto guard = asio::make_work_guard(parts_->io);
  while (!parts_->io.stopped()) {
    try {
      parts_->io.run();
    } catch (const std::exception& exception) {
      spdlog::error("a handler failed, its connection is lost: {}", exception.what());
    } catch (const kj::Exception& exception) {
      spdlog::error("a handler failed, its connection is lost: {}",
                    exception.getDescription().cStr());
    }
  }
  if (parts_->drain.joinable()) parts_->drain.join();
  const auto read_only = parts_->pipeline.read_only_reason();
  spdlog::info("stopped");
  if (read_only.empty()) return Done{};
  return fail(Code::READ_ONLY, "the store could not be written: " + read_only);
}

void Node::stop() {
  asio::post(parts_->io, [this] { parts_->begin_stop(); });
}

}  // namespace suyuan
