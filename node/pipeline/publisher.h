// Publisher: from a committed seal to a checkpoint that everyone may hold: watermark -> sign ->
// witnesses -> store -> publish.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "ledger/crypto/key_file.h"
#include "ledger/proof/checkpoint.h"
#include "node/clock.h"
#include "node/ops/metrics.h"
#include "node/ops/watermark.h"
#include "node/pipeline/publish_step.h"
#include "node/pipeline/published.h"

namespace suyuan {

// A committed seal, with its state and map.
struct Sealed {
  LedgerHead head;
  Hash root;
  std::shared_ptr<const Reader> state;  // shared with what is published from it
  ChainMap map;
};

// What witnesses are asked to cosign.
struct CosignRequest {
  const std::string& checkpoint;  // the note with the log's own line
  TreeHead tree;
  const Reader& state;  // has every row of that tree, for consistency proofs
};

// The cosigners. Called on the publisher's thread, for one checkpoint at a time, and waited for:
// the implementation bounds the time, and answers with what it has by then.
class Witnesses {
 public:
  virtual ~Witnesses() = default;
  // Signature lines, each with its line feed; empty: nobody cosigned.
  virtual std::string cosign(const CosignRequest& request) = 0;
};

class Publisher {
 public:
  struct Parts {
    Store& store;
    PublishedState& published;
    Metrics& metrics;
    Clock clock;
    NamedKeyPair log_key;  // under the origin's name
    Witnesses* witnesses = nullptr;  // null: none are asked
    // For a node in a ledger with several, which all hold the log's key: another line, by the
    // node's own key, so that its signatures are known to be its own. Null: none.
    std::function<std::string(const Checkpoint&)> own_line = {};
    // All on the publisher's thread.
    std::function<void(const Published&)> on_published;
    std::function<void(const Error&)> on_fault;  // then nothing is published until a restart
    OnPublishStep on_step = {};
  };
  Publisher(Parts parts, Watermark watermark);
  ~Publisher() { stop(); }
  Publisher(const Publisher&) = delete;
  Publisher& operator=(const Publisher&) = delete;

  // Reads which checkpoints the store has. Call before everything else.
  Result<Done> load(const Reader& store);
  // Publishes the store's newest checkpoint if it is of this seal: after a restart nothing is
  // signed again. Returns false if it is not there: then publish() it. Call before start().
  Result<bool> restore(const Sealed& sealed);
  void start();
  // Thread-safe. A newer seal replaces one still waiting, because it covers it.
  void publish(Sealed sealed);
  // Ends when the seal in progress is done.
  void stop();

 private:
  void run();
  Result<Done> take(Sealed sealed);
  Result<Done> store_checkpoint(uint64_t size, const std::string& note);
  void serve(Sealed sealed, std::string note);
  void step(PublishStep at) const;

  const Parts parts_;
  Watermark watermark_;       // of the publisher's thread
  std::deque<uint64_t> kept_;  // sizes of the stored checkpoints, ascending; of the same thread
  std::mutex mutex_;          // guards what hands a seal to the thread: next_ and stopping_
  std::condition_variable arrived_;
  std::optional<Sealed> next_;
  bool stopping_ = false;
  std::thread thread_;
};

// The note of the checkpoint of `size` leaves; nullopt: not stored. Errors: IO, CORRUPT.
Result<std::optional<std::string>> find_checkpoint(const Reader& reader, uint64_t size);
// The sizes of all stored checkpoints, ascending.
Result<std::deque<uint64_t>> checkpoint_sizes(const Reader& reader);

}  // namespace suyuan
