#include "node/parts.h"

#include <spdlog/spdlog.h>
#include <algorithm>

#include "ledger/apply/apply.h"
#include "node/ops/family.h"
#include "node/ops/scan_metrics.h"
#include "node/settings.h"
#include "node/startup/ordering.h"

namespace suyuan {
namespace {

AttachmentOptions attachments_of(const ServeOptions& options) {
  AttachmentOptions attachments = options.attachments;
  attachments.leave_mib = left_by_attachments(attachments.leave_mib, options.disk_reserve_mib);
  return attachments;
}

// Batches that another party signs for the party are counted separately, so they never use up the
// party's own quota.
std::string counted_with(const BatchNote& note) {
  return note.signer.empty() ? note.party : note.party + " by " + note.signer;
}

}  // namespace

Node::Parts::Parts(NodeInputs in)
    : data(in.options.data),
      store(std::move(in.folder.store)),
      acknowledged(std::move(in.folder.acknowledged)),
      signer(in.folder.ledger, std::move(in.folder.node_key)),
      port(io),
      size_waiters(io),
      published_waiters(io),
      map(std::move(in.map), in.options.map_mib << 20),
      workers(worker_count(in.options), in.options.queue),
      log(log_parts(in), in.options.order, std::move(in.etcd)),
      pipeline({.store = *store,
                .order = log.order(),
                .workers = workers,
                .metrics = metrics,
                .signer = signer},
               map, pipeline_callbacks(),
               {.overlaps_commit = true,
                .reserved_bytes_max = (in.options.rpc_memory_mib << 20) / 2,
                .log_end = in.log_end ? in.log_end->position : 0}),
      sealer(sealer_parts(in.options)),
      witnesses(std::move(in.witnesses)),
      publisher(publisher_parts(in), std::move(in.folder.watermark)),
      scans(DataFolder{data}.scans(), std::move(in.scan_policy), in.clock()),
      clients(in.options.quotas.proxies),
      quotas(in.options.quotas),
      attachments(attachment_parts(in.options)),
      access({.ledger = signer.ledger(),
              .node = signer.name(),
              .clock = in.clock,
              .quotas = quotas},
             std::move(in.folder.access_log)),
      service(service_parts(in)),
      router(http::make_api(service, {.public_url = in.options.public_url,
                                      .epcis = in.options.epcis})),
      log_end(std::move(in.log_end)) {
  watch_metrics();
  if (!scans.fault().empty())
    spdlog::warn("scans are not recorded, verdicts come without history: {}", scans.fault());
}

LogSide::Parts Node::Parts::log_parts(NodeInputs& in) {
  return {.data = data,
          .store = *store,
          .link_store = [this](const std::string& folder) -> Result<Done> {
            if (const auto fault = store->fault(); !fault.empty())
              return fail(Code::READ_ONLY, "this node's store has a fault: " + fault);
            return store->link_to(folder);
          },
          .published = published,
          .signer = signer,
          .clock = in.clock,
          .workers = workers,
          .genesis = in.folder.genesis,
          .rules = std::move(in.rules),
          .decode = [this](BytesView bytes) { return pipeline.decode_proposal(bytes); },
          .order_seal = [this] { (void)pipeline.order_seal(); },
          .on_alone = [this](const Error& why) { on_alone(why); },
          .wrap_order = std::move(in.wrap_order)};
}

Pipeline::Callbacks Node::Parts::pipeline_callbacks() {
  return {.on_grown = [this](const LedgerHead& head) { on_grown(head); },
          .on_committed = [this](const TreeHead& tree) { return on_committed(tree); },
          .on_sealed = [this](Sealed sealed) { publisher.publish(std::move(sealed)); },
          .on_seal_lost = [this] { sealer.lost(); },
          .on_rules = [this](RulesState now) { log.rules_changed(std::move(now)); },
          .on_end = [this](const Error& why) { end_with(why); },
          .behind = log.behind(),
          .admit = [this](const BatchNote& note, size_t bytes) { return admit(note, bytes); }};
}

Sealer::Parts Node::Parts::sealer_parts(const ServeOptions& options) {
  return {.io = io,
          .interval = std::chrono::milliseconds(options.seal_interval_ms),
          .idle = std::chrono::milliseconds(options.seal_idle_ms),
          .order_seal = [this] { return pipeline.order_seal(); },
          .patience = log.seal_patience()};
}

Publisher::Parts Node::Parts::publisher_parts(NodeInputs& in) {
  return {.store = *store,
          .published = published,
          .metrics = metrics,
          .clock = in.clock,
          .log_key = std::move(in.folder.log_key),
          .witnesses = log.witnesses(witnesses.get()),
          .own_line = log.own_line(),
          .on_published = [this](const Published& newest) { on_published(newest); },
          .on_fault = [this](const Error& fault) { pipeline.report_fault(fault); },
          .on_step = std::move(in.on_step)};
}

AttachmentQuota::Parts Node::Parts::attachment_parts(const ServeOptions& options) {
  return {.store = *store,
          .folder = data,
          .options = attachments_of(options),
          .found = attachment_bytes(store->metrics()),
          .on_fault = [this](const Error& fault) { pipeline.report_fault(fault); }};
}

Service::Parts Node::Parts::service_parts(NodeInputs& in) {
  return {.io = io,
          .store = *store,
          .workers = workers,
          .pipeline = pipeline,
          .size_waiters = size_waiters,
          .published = published,
          .published_waiters = published_waiters,
          .sealer = sealer,
          .seals_by_itself = in.options.seal_interval_ms != 0,
          .metrics = metrics,
          .clock = in.clock,
          .node_name = signer.name(),
          .signer = signer,
          .nodes = [this] { return log.nodes(); },
          .log_not_ready = [this] { return log.not_ready(); },
          .scans = scans,
          .access = access,
          .clients = clients,
          .quotas = quotas,
          .attachments = attachments,
          .recalls = recalls,
          .policy = std::move(in.policy)};
}

void Node::Parts::watch_metrics() {
  metrics.watch([this] { return store->metrics(); });
  metrics.also([this] { return scan_families(scans); });
  metrics.also([this] { return log.families(); });
  metrics.also([this] { return attachments.families(); });
  metrics.also([this] { return memory_families(); });
  metrics.also([this]() -> std::vector<prometheus::MetricFamily> {
    if (!epcis) return {};
    return {gauge_family("suyuan_epcis_index_damaged",
                         "1 after a damaged row of the EPCIS index was met, until the restart",
                         epcis->index_is_damaged() ? 1 : 0)};
  });
  if (witnesses) witnesses->count_in(metrics);
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

Node::Parts::~Parts() {
  upkeep.reset();
  log.order().stop();
  publisher.stop();
  if (epcis) epcis->stop();
  workers.stop();
  if (drain.joinable()) drain.join();
  // KJ objects are destroyed on the thread that made them, while their loop exists.
  listeners.reset();
}

std::optional<Error> Node::Parts::admit(const BatchNote& note, size_t bytes) {
  const uint32_t wait_ms =
      quotas.post_of_party(counted_with(note), bytes, service.parts().clock());
  if (wait_ms == 0) return std::nullopt;
  return rate_limited("too many batches of " + note.party, wait_ms);
}

// On the log's thread.
void Node::Parts::on_alone(const Error& why) {
  pipeline.report_fault(why);
  end_with(why);
}

Result<Done> Node::Parts::start(OpenedState opened, const ServeOptions& options,
                                std::optional<NamedKeyPair> gateway_key) {
  if (options.epcis) {
    SUYUAN_TRY(made, EpcisSide::open(DataFolder{data}, options, signer.ledger(), service,
                                     std::move(gateway_key)));
    epcis = std::move(made);
  }
  SUYUAN_TRY_DONE(resume(std::move(opened)));
  SUYUAN_TRY_DONE(listen(options));
  return keep_up(options);
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

// Runs with a commit. If the store is not what this node has signed and acknowledged, and its log
// does not make it so, it is neither read nor continued from.
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
  auto handler = [this](http::Request request, http::Reply reply) {
    request.client = clients.at(request.peer, request.forwarded_for());
    // Who it is from is known once its signature is verified: until then it could be anybody's.
    if (log.takes(request)) {
      if (const auto admitted = access.admit({.client = request.client}); !admitted)
        return reply(http::problem(Errors{admitted.error()}, admitted.error().wait_ms));
      return log.handle(request, std::move(reply));
    }
    if (epcis && EpcisSide::is_ours(request))
      return epcis->handle(std::move(request), std::move(reply));
    router.handle(std::move(request), std::move(reply));
  };
  SUYUAN_TRY(made, Listeners::listen(
                       {.io = io, .port = port, .service = service, .metrics = metrics},
                       std::move(handler), options));
  listeners = std::move(made);
  log.listens_at(peer_url_of(options, listeners->http_port()));
  return Done{};
}

Result<Done> Node::Parts::keep_up(const ServeOptions& options) {
  std::function<Result<Done>(const std::string&)> link_state;
  if (epcis) link_state = [this](const auto& folder) { return epcis->link_state_to(folder); };
  SUYUAN_TRY(started, Upkeep::start({.io = io,
                                     .store = *store,
                                     .service = service,
                                     .order = log.order(),
                                     .link_epcis_state = std::move(link_state),
                                     .sweep = [this] { log.sweep_given_store(); }},
                                    options));
  upkeep = std::move(started);
  return Done{};
}

}  // namespace suyuan
