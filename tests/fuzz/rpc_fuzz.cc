// RPC's frames and calls as they come from a peer: from a client, as the node's session reads them,
// and from a node, as the client's link reads them. The first byte says which (odd: the client
// reads) and, halved, the size of the pieces in which the rest arrives, unless the reader waits for
// more. Streams are in memory.
#include <kj/async-io.h>

#include <algorithm>
#include <cstring>

#include "client/ledger_link.h"
#include "ledger/base/limits.h"
#include "node/rpc/rpc_session.h"
#include "proto/rpc_codec.h"
#include "tests/fuzz/fuzz.h"

namespace suyuan {
namespace {

// Smaller than the node's, so that inputs reach them.
constexpr RpcMessageLimits kLimits{.message_bytes_max = size_t{256} << 10,
                                   .in_flight_bytes_max = size_t{16} << 10};

// Gives an input to its reader, and takes what is written without keeping it.
class Arriving final : public kj::AsyncIoStream {
 public:
  // No read may ask for more than `read_max`: what a frame announces is not believed beyond it.
  Arriving(std::string_view input, size_t piece_bytes, size_t read_max)
      : rest_(input), piece_bytes_(piece_bytes), read_max_(read_max) {}

  kj::Promise<size_t> tryRead(void* buffer, size_t min, size_t max) override {
    SUYUAN_CHECK(min <= max && max <= read_max_);
    // The end is told when all that was sent before it has been handled.
    if (rest_.empty()) return kj::evalLast([] { return size_t{0}; });
    const size_t piece = std::clamp(piece_bytes_, min, max);
    const size_t count = std::min(piece, rest_.size());
    if (count != 0) std::memcpy(buffer, rest_.data(), count);
    rest_.remove_prefix(count);
    return count;
  }
  kj::Promise<void> write(const void*, size_t) override { return kj::READY_NOW; }
  kj::Promise<void> write(kj::ArrayPtr<const kj::ArrayPtr<const kj::byte>>) override {
    return kj::READY_NOW;
  }
  kj::Promise<void> whenWriteDisconnected() override { return kj::NEVER_DONE; }
  void shutdownWrite() override {}
  void abortRead() override {}

 private:
  std::string_view rest_;
  const size_t piece_bytes_;
  const size_t read_max_;
};

// Reads what it is asked, as the node does, and has nothing to answer.
class EmptyLedger final : public wire::Ledger::Server {
 public:
  kj::Promise<void> submit(SubmitContext context) override {
    const auto sent = from_wire(context.getParams().getSubmission());
    context.releaseParams();
    to_wire(refusal(sent), context.getResults().initAnswer());
    return kj::READY_NOW;
  }
  kj::Promise<void> submitMany(SubmitManyContext context) override {
    std::vector<SubmitAnswer> all;
    for (const auto one : context.getParams().getSubmissions()) {
      all.push_back(refusal(from_wire(one)));
      if (all.size() == kManyMax) break;
    }
    auto answers = context.getResults().initAnswers(static_cast<unsigned>(all.size()));
    for (unsigned i = 0; i < all.size(); ++i) to_wire(all[i], answers[i]);
    return kj::READY_NOW;
  }
  kj::Promise<void> receipt(ReceiptContext context) override {
    return refuse<BatchReceipt>(context, hash_from_wire(context.getParams().getBatch(), "batch"));
  }
  kj::Promise<void> event(EventContext context) override {
    return refuse<EventView>(context, from_wire(context.getParams().getPlace()));
  }
  kj::Promise<void> trace(TraceContext context) override {
    const auto asked = from_wire(context.getParams().getAsk());
    SUYUAN_CHECK(!asked || asked->code.size() <= limits::kTextBytesMax);
    return refuse<TracePage>(context, asked);
  }
  kj::Promise<void> parties(PartiesContext context) override {
    return refuse<Page<PartyState>>(context, from_wire(context.getParams().getAsk()));
  }
  kj::Promise<void> scan(ScanContext context) override {
    return refuse<VerdictView>(context, from_wire(context.getParams().getScan()));
  }
  kj::Promise<void> status(StatusContext context) override {
    to_wire(Answer<Status>{.head = {.size = 1}, .value = Status{.node = "node-a"}},
            context.getResults().initAnswer());
    return kj::READY_NOW;
  }
  // One for each connection, however many are asked for.
  kj::Promise<void> asSession(AsSessionContext context) override {
    context.getResults().setLedger(thisCap());
    return kj::READY_NOW;
  }

 private:
  static constexpr size_t kManyMax = 256;

  template <class T>
  static Error error_of(const Result<T>& asked) {
    return asked ? Error{.code = Code::NOT_FOUND, .message = "nothing here"} : asked.error();
  }
  template <class T>
  static SubmitAnswer refusal(const Result<T>& sent) {
    return {.head = {}, .outcome = Unexpected(Errors{error_of(sent)})};
  }
  template <class T, class Context, class Asked>
  static kj::Promise<void> refuse(Context context, const Result<Asked>& asked) {
    to_wire(Answer<T>{.head = {}, .value = Unexpected(error_of(asked))},
            context.getResults().initAnswer());
    return kj::READY_NOW;
  }
};

// Sends the request and reads its answer; a broken connection or message is no answer.
template <class Request>
kj::Promise<void> ask(Request request) {
  return request.send().then(
      [](auto response) { (void)from_wire(response.getAnswer()); }, [](kj::Exception&&) {});
}

// The same calls each time, so that recorded answers fit them.
kj::Promise<void> ask_all(wire::Ledger::Client ledger) {
  auto calls = kj::heapArrayBuilder<kj::Promise<void>>(7);
  calls.add(ask(ledger.statusRequest()));
  auto submit = ledger.submitRequest();
  to_wire(Submission{.note = "a note", .events = {}}, submit.initSubmission());
  calls.add(ask(kj::mv(submit)));
  auto trace = ledger.traceRequest();
  to_wire(CodeQuestion{.code = "a code", .limit = 10}, trace.initAsk());
  calls.add(ask(kj::mv(trace)));
  auto scan = ledger.scanRequest();
  to_wire(ScanRequest{.code = "a code"}, scan.initScan());
  calls.add(ask(kj::mv(scan)));
  auto many = ledger.submitManyRequest();
  to_wire(Submission{.note = "a note", .events = {}}, many.initSubmissions(1)[0]);
  calls.add(many.send().then(
      [](auto response) {
        for (const auto one : response.getAnswers()) (void)from_wire(one);
      },
      [](kj::Exception&&) {}));
  calls.add(ask(ledger.challengeRequest()));  // not implemented there
  auto session = ledger.asSessionRequest();
  session.setToken("a token");
  calls.add(ask(session.send().getLedger().statusRequest()));
  return kj::joinPromises(calls.finish());
}

void read_as_node(std::string_view input, size_t piece_bytes, kj::WaitScope& scope) {
  RpcSession session(kj::heap<Arriving>(input, piece_bytes, kLimits.message_bytes_max),
                     kj::heap<EmptyLedger>(), kLimits);
  session.network.onDisconnect().poll(scope);
}

void read_as_client(std::string_view input, size_t piece_bytes, kj::WaitScope& scope) {
  LedgerLink link(kj::heap<Arriving>(input, piece_bytes, LedgerLink::kMessageBytesMax));
  ask_all(link.ledger()).poll(scope);
}

// Seeds: what the two say to each other.

class Recorder final : public kj::AsyncIoStream {
 public:
  Recorder(kj::Own<kj::AsyncIoStream> stream, std::string& heard)
      : stream_(kj::mv(stream)), heard_(heard) {}

  kj::Promise<size_t> tryRead(void* buffer, size_t min, size_t max) override {
    return stream_->tryRead(buffer, min, max).then([this, buffer](size_t count) {
      heard_.append(static_cast<const char*>(buffer), count);
      return count;
    });
  }
  kj::Promise<void> write(const void* buffer, size_t size) override {
    return stream_->write(buffer, size);
  }
  kj::Promise<void> write(kj::ArrayPtr<const kj::ArrayPtr<const kj::byte>> pieces) override {
    return stream_->write(pieces);
  }
  kj::Promise<void> whenWriteDisconnected() override { return stream_->whenWriteDisconnected(); }
  void shutdownWrite() override { stream_->shutdownWrite(); }
  void abortRead() override { stream_->abortRead(); }

 private:
  kj::Own<kj::AsyncIoStream> stream_;
  std::string& heard_;
};

}  // namespace
}  // namespace suyuan

std::vector<std::string> suyuan::fuzz::seeds() {
  std::string by_node;
  std::string by_client;
  {
    kj::EventLoop loop;
    kj::WaitScope scope(loop);
    {
      auto pipe = kj::newTwoWayPipe();
      RpcSession session(kj::heap<Recorder>(kj::mv(pipe.ends[0]), by_node),
                         kj::heap<EmptyLedger>(), kLimits);
      LedgerLink link(kj::heap<Recorder>(kj::mv(pipe.ends[1]), by_client));
      ask_all(link.ledger()).wait(scope);
    }
    scope.poll();
  }
  SUYUAN_CHECK(!by_node.empty() && !by_client.empty());
  std::vector<std::string> all;
  for (const char pieces : {'\xfe', '\x10'}) {
    all.push_back(pieces + by_node);
    all.push_back(static_cast<char>(pieces + 1) + by_client);
  }
  return all;
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace suyuan;
  if (size == 0) return 0;
  const auto input = fuzz::text(data + 1, size - 1);
  const size_t piece_bytes = data[0] / 2;
  kj::EventLoop loop;
  kj::WaitScope scope(loop);
  if (data[0] % 2 == 0) {
    read_as_node(input, piece_bytes, scope);
  } else {
    read_as_client(input, piece_bytes, scope);
  }
  scope.poll();  // what the end of the session left behind
  return 0;
}
