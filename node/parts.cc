#include "node/parts.h"

#include <spdlog/spdlog.h>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/post.hpp>
#include <algorithm>

#include "ledger/apply/apply.h"
#include "node/ops/family.h"
#include "node/ops/scan_metrics.h"
#include "node/settings.h"
#include "node/tls_metrics.h"

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

AttachmentOptions attachments_of(const ServeOptions& options) {
  AttachmentOptions attachments = options.attachments;
  attachments.leave_mib = left_by_attachments(attachments.leave_mib, options.disk_reserve_mib);
  return attachments;
}

}  // namespace

Node::Parts::Parts(const ServeOptions& options, Clock clock, OpenedFolder folder, ChainMap made,
                   std::string policy, ScanPolicy scan_policy,
                   std::unique_ptr<HttpWitnesses> asked, std::unique_ptr<Kv> etcd,
                   std::vector<RulesState> rules, OnPublishStep on_step)
    : data(options.data),
      store(std::move(folder.store)),
      acknowledged(std::move(folder.acknowledged)),
      signer(std::move(folder.ledger), std::move(folder.node_key)),
      port(io),
      size_waiters(io),
      published_waiters(io),
      map(std::move(made), options.map_mib << 20),
      workers(worker_count(options), options.queue),
      log({.data = options.data,
           .store = *store,
           .published = published,
           .signer = signer,
           .clock = clock,
           .workers = workers,
           .genesis = folder.genesis,
           .rules = std::move(rules),
           .decode = [this](BytesView bytes) { return pipeline.decode_proposal(bytes); },
           .order_seal = [this] { (void)pipeline.order_seal(); },
           .on_alone = [this](const Error& why) { on_alone(why); }},
          options.order, std::move(etcd)),
      pipeline({.store = *store,
                .order = log.order(),
                .workers = workers,
                .metrics = metrics,
                .signer = signer,
                .map = map,
                .on_grown = [this](const LedgerHead& head) { on_grown(head); },
                .on_committed = [this](const TreeHead& tree) { return on_committed(tree); },
                .on_sealed = [this](Sealed sealed) { publisher.publish(std::move(sealed)); },
                .on_seal_lost = [this] { sealer.lost(); },
                .on_rules = [this](RulesState now) { log.rules_changed(std::move(now)); },
                .on_end = [this](const Error& why) { end_with(why); },
                .behind = log.behind(),
                .admit = [this](const BatchNote& note) { return admit(note); },
                .overlaps_commit = true,
                .reserved_bytes_max = (options.rpc_memory_mib << 20) / 2}),
      sealer({.io = io,
              .interval = std::chrono::milliseconds(options.seal_interval_ms),
              .idle = std::chrono::milliseconds(options.seal_idle_ms),
              .order_seal = [this] { return pipeline.order_seal(); },
              .patience = log.seal_patience()}),
      witnesses(std::move(asked)),
      publisher({.store = *store,
                 .published = published,
                 .metrics = metrics,
                 .clock = clock,
                 .log_key = std::move(folder.log_key),
                 .witnesses = log.witnesses(witnesses.get()),
                 .own_line = log.own_line(),
                 .on_published = [this](const Published& newest) { on_published(newest); },
                 .on_fault = [this](const Error& fault) { pipeline.report_fault(fault); },
                 .on_step = std::move(on_step)},
                std::move(folder.watermark)),
      scans(DataFolder{options.data}.scans(), std::move(scan_policy), clock()),
      quotas(options.quotas),
      attachments({.store = *store,
                   .folder = options.data,
                   .options = attachments_of(options),
                   .found = attachment_bytes(store->metrics()),
                   .on_fault = [this](const Error& fault) { pipeline.report_fault(fault); }}),
      access({.ledger = signer.ledger(),
              .node = signer.name(),
              .clock = clock,
              .quotas = quotas},
             std::move(folder.access_log)),
      service({.io = io,
               .store = *store,
               .workers = workers,
               .pipeline = pipeline,
               .size_waiters = size_waiters,
               .published = published,
               .published_waiters = published_waiters,
               .sealer = sealer,
               .seals_by_itself = options.seal_interval_ms != 0,
               .metrics = metrics,
               .clock = std::move(clock),
               .node_name = signer.name(),
               .signer = signer,
               .nodes = [this] { return log.nodes(); },
               .log_takes_nothing = [this] { return log.takes_nothing(); },
               .scans = scans,
               .access = access,
               .quotas = quotas,
               .attachments = attachments,
               .policy = std::move(policy)}),
      router(http::make_api(service, {.public_url = options.public_url,
                                      .epcis = options.epcis})) {
  metrics.watch([this] { return store->metrics(); });
  metrics.also([this] { return scan_families(scans); });
  metrics.also([this] { return tls_families(*http); });
  metrics.also([this] { return log.families(); });
  metrics.also([this] { return attachments.families(); });
  metrics.also([this] { return memory_families(); });
  if (!scans.fault().empty())
    spdlog::warn("scans are not noted, verdicts come without history: {}", scans.fault());
}

Node::Parts::~Parts() {
  upkeep.reset();
  log.order().stop();
  publisher.stop();
  if (epcis) epcis->stop();
  workers.stop();
  if (drain.joinable()) drain.join();
  // KJ objects die on the thread that made them, while their loop is there.
  rpc.reset();
}

std::optional<Error> Node::Parts::admit(const BatchNote& note) {
  // What another signs for the party is counted apart: the party's own batches are never too many
  // because of it.
  const std::string whose = note.signer.empty() ? note.party : note.party + " by " + note.signer;
  const uint32_t wait_ms = quotas.post_of_party(whose, service.parts().clock());
  if (wait_ms == 0) return std::nullopt;
  return rate_limited("too many batches of " + note.party, wait_ms);
}

std::vector<prometheus::MetricFamily> Node::Parts::memory_families() const {
  std::vector<std::pair<std::string, SideMemory>> stores = {{"scans", scans.memory()}};
  if (epcis) {
    stores.emplace_back("epcis_index", epcis->index_memory());
    stores.emplace_back("epcis_state", epcis->state_memory());
  }
  const auto newest = published.get();
  return {side_family(stores),
          gauge_family("suyuan_chain_map_bytes", "Memory of the map of all chains",
                       newest ? static_cast<double>(newest->map.memory_bytes()) : 0)};
}

// On the log's thread.
void Node::Parts::on_alone(const Error& why) {
  pipeline.report_fault(why);
  end_with(why);
}

void Node::Parts::end_with(const Error& why) {
  {
    const std::scoped_lock lock(end_mutex);
    if (end_reason) return;
    end_reason = why;
  }
  asio::post(io, [this] { begin_stop(); });
}

std::optional<Error> Node::Parts::ended_with() const {
  const std::scoped_lock lock(end_mutex);
  return end_reason;
}

Result<Done> Node::Parts::resume(OpenedState opened) {
  metrics.log_leaves.Set(static_cast<double>(opened.state.head.leaves));
  const LedgerHead head = opened.state.head;
  SUYUAN_TRY_DONE(acknowledged.raise({.size = head.leaves, .root = opened.state.root},
                                     store->latest()));
  SUYUAN_TRY_DONE(
      check_caught_up(log_end, acknowledged, DataFolder{data}, head.position, head.leaves));
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
  on_grown(head);
  return pipeline.start();
}

void Node::Parts::on_grown(const LedgerHead& head) {
  size_waiters.advance(head.leaves);
  if (epcis) epcis->grown(head.leaves);
  sealer.grown(head);
}

// With a commit. A store that is not what this node has signed and acknowledged, or that
// its log does not make so, is neither read from nor gone on from.
Result<Done> Node::Parts::on_committed(const TreeHead& tree) {
  auto held = mark_committed(log_end, acknowledged, DataFolder{data}, store->latest(), tree,
                             size_waiters.size());
  if (!held && held.error().code == Code::ROLLED_BACK) end_with(held.error());
  return held;
}

void Node::Parts::on_published(const Published& newest) {
  published_waiters.advance(newest.size());
  sealer.published();
}

Result<Done> Node::Parts::listen(const ServeOptions& options) {
  http::ServerLimits http_limits;
  http_limits.connections_max = options.http_connections;
  auto handler = [this](http::Request request, http::Reply reply) {
    if (log.takes(request)) return log.handle(request, std::move(reply));
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
  log.listens_at(peer_url_of(options, http->port()));
  if (has_tls) watch_certificate(std::chrono::milliseconds(options.tls_check_ms));
  RpcLimits rpc_limits;
  rpc_limits.connections_max = options.rpc_connections;
  const size_t quarter = (options.rpc_memory_mib << 20) / 4;
  rpc_limits.streams = {.unfinished_bytes_max = quarter, .unsent_bytes_max = quarter};
  SUYUAN_TRY(certificate, RpcTls::open(options));
  rpc_tls = std::move(certificate);
  SUYUAN_TRY(rpc_listener,
             RpcListener::listen(port, endpoint_of(options.rpc), service, rpc_limits,
                                 rpc_tls ? rpc_tls->source() : RpcListener::TlsSource()));
  rpc = std::move(rpc_listener);
  if (rpc_tls) metrics.also([this] { return rpc_tls_families(rpc->tls_counts()); });
  return Done{};
}

Result<Done> Node::Parts::keep_up(const ServeOptions& options) {
  std::function<Result<Done>(const std::string&)> link_state;
  if (epcis) link_state = [this](const auto& folder) { return epcis->link_state_to(folder); };
  SUYUAN_TRY(started, Upkeep::start({.io = io,
                                     .store = *store,
                                     .service = service,
                                     .order = log.order(),
                                     .link_epcis_state = std::move(link_state)},
                                    options));
  upkeep = std::move(started);
  return Done{};
}

void Node::Parts::watch_certificate(std::chrono::milliseconds pause) {
  tls_timer.expires_after(pause);
  tls_timer.async_wait([this, pause](boost::system::error_code error) {
    if (error || stopping) return;
    http->reload_tls(false);
    if (rpc_tls) rpc_tls->reload(false);
    watch_certificate(pause);
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
  size_waiters.stop();
  if (epcis) epcis->stop_waiting();
  published_waiters.stop();
  sealer.stop();
  if (upkeep) upkeep->stop();
  tls_timer.cancel();
  drain = std::thread([this] { drain_all(); });
}

void Node::Parts::drain_all() {
  const auto wait_for_workers = [this] {
    while (workers.queued() > 0) std::this_thread::sleep_for(kDrainPoll);
  };
  wait_for_workers();
  log.order().stop();
  publisher.stop();
  wait_for_workers();
  std::this_thread::sleep_for(kFlushTime);
  asio::post(io, [this] {
    if (rpc) rpc->close();
    io.stop();
  });
}

}  // namespace suyuan
