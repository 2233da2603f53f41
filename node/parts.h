// The parts of a serving node. node/parts.cc makes them and wires them to each other; node/node.cc
// reads and checks what they are made of.
#pragma once

#include <boost/asio/io_context.hpp>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "node/answer/shared_recall_memory.h"
#include "node/epcis_side.h"
#include "node/folder/opening.h"
#include "node/http/api.h"
#include "node/listeners.h"
#include "node/node.h"
#include "node/ops/metrics.h"
#include "node/peers/log_side.h"
#include "node/peers/witnesses.h"
#include "node/pipeline/map_keeper.h"
#include "node/pipeline/pipeline.h"
#include "node/pipeline/publisher.h"
#include "node/pipeline/sealer.h"
#include "node/pipeline/size_waiters.h"
#include "node/pipeline/wrap_order.h"
#include "node/rpc/event_port.h"
#include "node/scans/desk.h"
#include "node/service.h"
#include "node/startup/log_end.h"
#include "node/upkeep/upkeep.h"

namespace suyuan {

// What a node is made of: read, checked and opened by Node::open.
struct NodeInputs {
  const ServeOptions& options;
  Clock clock;
  OpenedFolder folder;
  ChainMap map;                              // of what the store holds
  std::string policy;                        // the trust policy shown to readers
  ScanPolicy scan_policy;
  std::unique_ptr<HttpWitnesses> witnesses;  // null: none are asked
  std::unique_ptr<Kv> etcd;                  // null: the log belongs to this node only
  std::vector<RulesState> rules;             // what the store holds of them
  std::optional<LogEnd> log_end;             // nullopt: not known, and not needed
  OnPublishStep on_step;                     // null, except in tests
  WrapOrder wrap_order;                      // null, except in benchmarks
};

// In the order of construction; the last is destroyed first.
//
// Callbacks may name parts that are constructed later. They run only from start() on (on threads of
// the log and of the publisher) or from io.run() on, and by then every part exists.
struct Node::Parts {
  explicit Parts(NodeInputs in);
  // Ends the threads before what they use, even if the node never listened.
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
  Clients clients;
  Quotas quotas;
  AttachmentQuota attachments;
  SharedRecallMemory recalls;
  Access access;
  Service service;
  http::Router router;
  std::unique_ptr<EpcisSide> epcis;  // null: it is not served
  std::unique_ptr<Listeners> listeners;
  std::unique_ptr<Upkeep> upkeep;
  std::thread drain;
  bool stopping = false;  // network thread
  mutable std::mutex end_mutex;  // guards end_reason
  std::optional<Error> end_reason;
  // Until the store has reached the end: from then on a restored folder is no longer one. Belongs
  // to the sequencer thread, once that runs.
  std::optional<LogEnd> log_end;

  // parts.cc: what the parts are constructed from, in their order.
  LogSide::Parts log_parts(NodeInputs& in);
  Pipeline::Callbacks pipeline_callbacks();
  Sealer::Parts sealer_parts(const ServeOptions& options);
  Publisher::Parts publisher_parts(NodeInputs& in);
  AttachmentQuota::Parts attachment_parts(const ServeOptions& options);
  Service::Parts service_parts(NodeInputs& in);
  void watch_metrics();
  std::vector<prometheus::MetricFamily> memory_families() const;

  // parts.cc: the start, in this order, after construction.
  Result<Done> start(OpenedState opened, const ServeOptions& options,
                     std::optional<NamedKeyPair> gateway_key);
  // What the store held at the start is published again, or sealed now.
  Result<Done> resume(OpenedState opened);
  Result<Done> listen(const ServeOptions& options);
  Result<Done> keep_up(const ServeOptions& options);

  // parts.cc: callbacks.
  std::optional<Error> admit(const BatchNote& note, size_t bytes);
  void on_grown(const LedgerHead& head);
  // After each commit, before any of it is acknowledged.
  Result<Done> on_committed(const TreeHead& tree);
  void on_published(const Published& newest);
  void on_alone(const Error& why);

  // shutdown.cc: the node stops, and its program ends with this. Thread-safe.
  void end_with(const Error& why);
  std::optional<Error> ended_with() const;
  // Network thread only. Where it fails, the process ends: a node that is half stopped never would.
  void begin_stop() noexcept;
  void drain_all();
};

}  // namespace suyuan
