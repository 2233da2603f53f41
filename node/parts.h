// The parts of a serving node, in the order of their construction: who knows whom is wired here and
// in node/parts.cc, and nowhere else.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <thread>

#include "node/epcis_side.h"
#include "node/folder/opening.h"
#include "node/http/api.h"
#include "node/http/server.h"
#include "node/node.h"
#include "node/ops/metrics.h"
#include "node/peers/log_end.h"
#include "node/peers/log_side.h"
#include "node/peers/witnesses.h"
#include "node/pipeline/map_keeper.h"
#include "node/pipeline/pipeline.h"
#include "node/pipeline/publisher.h"
#include "node/pipeline/sealer.h"
#include "node/pipeline/size_waiters.h"
#include "node/rpc/event_port.h"
#include "node/rpc/rpc_listener.h"
#include "node/rpc_tls.h"
#include "node/scans/desk.h"
#include "node/service.h"
#include "node/upkeep/upkeep.h"

namespace suyuan {

// In the order of construction; the last is destroyed first.
struct Node::Parts {
  Parts(const ServeOptions& options, Clock clock, OpenedFolder folder, ChainMap made,
        std::string policy, ScanPolicy scan_policy, std::unique_ptr<HttpWitnesses> asked,
        std::unique_ptr<Kv> etcd, std::vector<RulesState> rules, OnPublishStep on_step);
  // Ends the threads before what they reach, also where the node did not come to listen.
  ~Parts();

  const std::string data;
  std::unique_ptr<RocksStore> store;
  Acknowledged acknowledged;  // of the thread that commits, once that runs
  Metrics metrics;
  ReceiptSigner signer;
  boost::asio::io_context io{1};
  EventPort port;
  SizeWaiters size_waiters;
  PublishedState published;
  SizeWaiters published_waiters;
  MapKeeper map;
  Workers workers;
  LogSide log;
  Pipeline pipeline;
  Sealer sealer;
  std::unique_ptr<HttpWitnesses> witnesses;  // null: none are asked
  Publisher publisher;
  ScanDesk scans;
  Quotas quotas;
  AttachmentQuota attachments;
  Access access;
  Service service;
  http::Router router;
  boost::asio::steady_timer tls_timer{io};
  std::unique_ptr<EpcisSide> epcis;  // null: it is not served
  std::unique_ptr<http::Server> http;
  std::unique_ptr<RpcTls> rpc_tls;  // null: RPC is plain
  std::unique_ptr<RpcListener> rpc;
  std::unique_ptr<Upkeep> upkeep;
  std::thread drain;
  bool stopping = false;
  mutable std::mutex end_mutex;  // guards the reason
  std::optional<Error> end_reason;
  // Until the store is there: a folder that was restored is no more so from then on. Of the
  // sequencer thread, once that runs.
  std::optional<LogEnd> log_end;

  std::optional<Error> admit(const BatchNote& note);
  void on_alone(const Error& why);
  // It stops, and its program ends with this. From any thread.
  void end_with(const Error& why);
  std::optional<Error> ended_with() const;
  std::vector<prometheus::MetricFamily> memory_families() const;
  // What the store held at the start: it is published again, or sealed now.
  Result<Done> resume(OpenedState opened);
  Result<Done> listen(const ServeOptions& options);
  Result<Done> keep_up(const ServeOptions& options);
  void on_grown(const LedgerHead& head);
  // After each commit, before any of it is acknowledged.
  Result<Done> on_committed(const TreeHead& tree);
  void on_published(const Published& newest);
  void watch_certificate(std::chrono::milliseconds pause);
  void begin_stop();
  void drain_all();
};

}  // namespace suyuan
