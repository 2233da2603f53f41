#include "node/node.h"

#include <spdlog/spdlog.h>
#include <algorithm>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <thread>

#include "ledger/apply/log_reader.h"
#include "ledger/apply/right_edge.h"
#include "ledger/crypto/hash.h"
#include "ledger/order/embedded.h"
#include "ledger/os/files.h"
#include "ledger/store/rocks/rocks_store.h"
#include "node/growth.h"
#include "node/http/api.h"
#include "node/http/server.h"
#include "node/init.h"
#include "node/init_mark.h"
#include "node/ops/metrics.h"
#include "node/pipeline.h"
#include "node/rpc/event_port.h"
#include "node/rpc/rpc_listener.h"
#include "node/service.h"

namespace suyuan {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

constexpr size_t kKeyFileBytesMax = 4096;
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

// Receipts under a key that genesis does not name would prove nothing to anyone.
Result<NamedKeyPair> read_node_key(const DataFolder& folder, const Store& store) {
  SUYUAN_TRY(text, read_file(folder.node_key(), kKeyFileBytesMax));
  SUYUAN_TRY(key, read_key_file(text, ""));
  SUYUAN_TRY(leaf, read_leaf(store.latest(), 0));
  SUYUAN_TRY(genesis, parse_genesis(leaf.text));
  const NamedKey own{.name = key.name, .key = key.pair.key};
  if (std::find(genesis.nodes.begin(), genesis.nodes.end(), own) == genesis.nodes.end()) {
    return fail(
        Code::INVALID_FIELD,
        folder.node_key() + " is not the key of a node of this ledger; put the right file back",
        "node key");
  }
  return key;
}

// The ledger that the store holds must be the one that the folder's genesis names.
Result<LedgerId> check_identity(const DataFolder& folder, const Store& store) {
  SUYUAN_TRY(leaf, read_file(folder.genesis(), limits::kLeafBytesMax));
  SUYUAN_TRY(head, read_head(store.latest()));
  if (sha256(leaf) != head.genesis) {
    return fail(Code::CORRUPT, folder.genesis() + " is of another ledger than " + folder.store() +
                                   "; put the right file back");
  }
  return LedgerId{.origin = head.origin, .genesis = head.genesis};
}

Result<std::unique_ptr<RocksStore>> open_store(const DataFolder& folder,
                                               const ServeOptions& options) {
  if (file_exists(InitMark::path_in(folder.path))) {
    return fail(Code::NOT_FOUND, "no whole ledger in " + folder.path +
                                     ": its making was interrupted; run suyuan-node init again");
  }
  if (!file_exists(folder.genesis())) {
    return fail(Code::NOT_FOUND, "no ledger in " + folder.path +
                                     "; make one with: suyuan-node init --data " + folder.path);
  }
  // A power cut must not bring back a mark that we did not see: init would take the store away.
  SUYUAN_TRY_DONE(sync_folder(folder.path));
  RocksOptions rocks;
  rocks.path = folder.store();
  rocks.block_cache_bytes = options.cache_mib << 20;
  SUYUAN_TRY(store, open_rocks(rocks));
  SUYUAN_TRY_DONE(check_right_edge(store->latest()));
  return store;
}

}  // namespace

// In the order of construction; the last is destroyed first.
struct Node::Parts {
  Parts(const ServeOptions& options, Clock clock, std::unique_ptr<RocksStore> opened,
        LedgerId ledger, NamedKeyPair node_key)
      : store(std::move(opened)),
        signer(std::move(ledger), std::move(node_key)),
        port(io),
        growth(io),
        workers(worker_count(options.workers), options.queue),
        order({.clock = clock}),
        pipeline({.store = *store,
                  .order = order,
                  .workers = workers,
                  .metrics = metrics,
                  .signer = signer,
                  .on_grown = [this](const LedgerHead& head) { growth.advance(head.leaves); }}),
        service({.io = io,
                 .store = *store,
                 .workers = workers,
                 .pipeline = pipeline,
                 .growth = growth,
                 .metrics = metrics,
                 .clock = std::move(clock),
                 .node_name = signer.name()}),
        router(http::make_api(service)) {
    metrics.watch([this] { return store->metrics(); });
  }

  std::unique_ptr<RocksStore> store;
  Metrics metrics;
  ReceiptSigner signer;
  asio::io_context io{1};
  EventPort port;
  Growth growth;
  Workers workers;
  EmbeddedOrder order;
  Pipeline pipeline;
  Service service;
  http::Router router;
  std::unique_ptr<http::Server> http;
  std::unique_ptr<RpcListener> rpc;
  std::thread drain;
  bool stopping = false;

  Result<Done> listen(const ServeOptions& options);
  void begin_stop();
  void drain_all();
};

Result<Done> Node::Parts::listen(const ServeOptions& options) {
  http::ServerLimits http_limits;
  http_limits.connections_max = options.http_connections;
  auto handler = [this](http::Request request, http::Reply reply) {
    router.handle(std::move(request), std::move(reply));
  };
  SUYUAN_TRY(http_server,
             http::Server::listen(io, endpoint_of(options.http), handler, http_limits));
  http = std::move(http_server);
  RpcLimits rpc_limits;
  rpc_limits.connections_max = options.rpc_connections;
  SUYUAN_TRY(rpc_listener,
             RpcListener::listen(port, endpoint_of(options.rpc), service, rpc_limits));
  rpc = std::move(rpc_listener);
  return Done{};
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
  drain = std::thread([this] { drain_all(); });
}

void Node::Parts::drain_all() {
  const auto wait_for_workers = [this] {
    while (workers.queued() > 0) std::this_thread::sleep_for(kDrainPoll);
  };
  wait_for_workers();
  order.stop();
  wait_for_workers();
  std::this_thread::sleep_for(kFlushTime);
  asio::post(io, [this] {
    if (rpc) rpc->close();
    io.stop();
  });
}

Result<std::unique_ptr<Node>> Node::open(const ServeOptions& options, Clock clock) {
  for (const Address& address : {options.rpc, options.http}) {
    if (is_loopback(address) || options.plain_beyond_loopback) continue;
    return fail(Code::INVALID_FIELD,
                address.host +
                    " is reachable from other machines, and this port speaks plain text; listen on "
                    "loopback "
                    "behind a TLS proxy, or say --plain-beyond-loopback",
                "listen");
  }
  const DataFolder folder{options.data};
  SUYUAN_TRY(store, open_store(folder, options));
  SUYUAN_TRY(ledger, check_identity(folder, *store));
  SUYUAN_TRY(node_key, read_node_key(folder, *store));
  SUYUAN_TRY(head, read_head(store->latest()));
  auto parts = std::make_unique<Parts>(options, std::move(clock), std::move(store), ledger,
                                       std::move(node_key));
  parts->growth.advance(head.leaves);
  parts->metrics.log_leaves.Set(static_cast<double>(head.leaves));
  SUYUAN_TRY_DONE(parts->pipeline.start());
  SUYUAN_TRY_DONE(parts->listen(options));
  spdlog::info("ledger {} with {} leaves; rpc {}:{} http {}:{}", ledger.line(), head.leaves,
               options.rpc.host, parts->rpc->port(), options.http.host, parts->http->port());
  return std::unique_ptr<Node>(new Node(std::move(parts)));
}

Node::Node(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

Node::~Node() {
  parts_->order.stop();
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
  if (signals) {
    signal_set.add(SIGTERM);
    signal_set.add(SIGINT);
    signal_set.async_wait([this](boost::system::error_code error, int) {
      if (!error) parts_->begin_stop();
    });
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
