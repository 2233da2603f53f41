#include "client/connection.h"

#include <kj/async-io.h>

#include <utility>

#include "client/in_flight.h"
#include "client/ledger_link.h"
#include "client/submitter.h"
#include "client/tls.h"
#include "ledger/base/text.h"
#include "proto/ledger.capnp.h"
#include "proto/rpc_codec.h"

namespace suyuan {
namespace {

// KJ ends the description of a failed look-up with the names and values of its own variables.
std::string without_variables(const std::string& text) {
  constexpr std::string_view kReason = "gai_strerror(status) = ";
  const size_t variables = text.find("; params.");
  if (variables == std::string::npos) return text;
  const size_t reason = text.find(kReason);
  std::string told = text.substr(0, variables);
  return reason == std::string::npos ? told : told + " " + text.substr(reason + kReason.size());
}

// Says which option makes the node's certificate trusted, if that is what failed. KJ compares only
// DNS names, also where the address is a number.
std::string with_remedy(std::string text, const ConnectionOptions& options) {
  if (text.find("ostname mismatch") != std::string::npos) {
    return text + "; the node's certificate does not have the DNS name " +
           quote(tls_name_of(options)) + ": give one that it has, with --tls-name (IP addresses "
           "in a certificate are not read)";
  }
  if (text.find("certificate is not trusted") != std::string::npos) {
    return text + "; --ca names the file with the authorities to trust" +
           (options.ca.empty() ? " (without it, the system's)" : ", here " + options.ca);
  }
  return text;
}

}  // namespace

struct Connection::Impl {
  Impl(kj::AsyncIoContext io_context, kj::Own<kj::TlsContext> tls_context,
       kj::Own<kj::AsyncIoStream> connected, ConnectionOptions from)
      : io(kj::mv(io_context)),
        tls(kj::mv(tls_context)),
        link(kj::mv(connected)),
        ledger(link.ledger()),
        options(std::move(from)) {}

  template <class Params, class Results>
  kj::Promise<capnp::Response<Results>> send(capnp::Request<Params, Results>& request) {
    return io.provider->getTimer().timeoutAfter(
        options.answer_ms * kj::MILLISECONDS,
        kj::Promise<capnp::Response<Results>>(request.send()));
  }

  // Waits for the answer to one call. `make` makes its request: sending takes it away, and it is
  // sent again while the node says that it is asked too much.
  template <class T, class Make>
  Answer<T> call(Make make) {
    Patience patience(options.limited_ms);
    try {
      for (;;) {
        auto request = make();
        auto response = send(request).wait(io.waitScope);
        Answer<T> answer = from_wire(response.getAnswer());
        if (answer.value || answer.value.error().code != Code::RATE_LIMITED) return answer;
        const auto wait_ms = patience.wait_ms(answer.head.retry_after_ms);
        if (!wait_ms) return answer;
        io.provider->getTimer().afterDelay(*wait_ms * kj::MILLISECONDS).wait(io.waitScope);
      }
    } catch (const kj::Exception& exception) {
      return {.head = {}, .value = Unexpected(unavailable(exception))};
    }
  }

  auto submit_request(const Submission& submission) {
    auto request = ledger.submitRequest(capnp::MessageSize{wire_words(submission), 0});
    to_wire(submission, request.initSubmission());
    return request;
  }

  kj::AsyncIoContext io;
  kj::Own<kj::TlsContext> tls;  // null: plain
  LedgerLink link;
  wire::Ledger::Client ledger;
  ConnectionOptions options;
};

Connection::Connection(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Connection::~Connection() = default;

Result<std::unique_ptr<Connection>> Connection::open(const ConnectionOptions& options) {
  const auto plain = address_of(options);
  if (!plain) return Unexpected(plain.error());
  try {
    auto io = kj::setupAsyncIo();
    auto& timer = io.provider->getTimer();
    auto address = timer
                       .timeoutAfter(options.connect_ms * kj::MILLISECONDS,
                                     io.provider->getNetwork().parseAddress(*plain, 7400))
                       .wait(io.waitScope);
    auto stream = timer.timeoutAfter(options.connect_ms * kj::MILLISECONDS, address->connect())
                      .wait(io.waitScope);
    kj::Own<kj::TlsContext> tls;
    if (*plain != options.node) {
      SUYUAN_TRY(context, make_tls(options));
      tls = kj::mv(context);
      const std::string name = tls_name_of(options);
      stream = timer.timeoutAfter(options.connect_ms * kj::MILLISECONDS,
                                  tls->wrapClient(kj::mv(stream), name))
                   .wait(io.waitScope);
    }
    return std::unique_ptr<Connection>(
        new Connection(std::make_unique<Impl>(kj::mv(io), kj::mv(tls), kj::mv(stream), options)));
  } catch (const kj::Exception& exception) {
    Error error = unavailable(exception);
    error.message =
        options.node + ": " + with_remedy(without_variables(error.message), options);
    return Unexpected(std::move(error));
  }
}

SubmitAnswer Connection::submit(const Submission& submission) {
  try {
    auto request = impl_->submit_request(submission);
    auto response = impl_->send(request).wait(impl_->io.waitScope);
    return from_wire(response.getAnswer());
  } catch (const kj::Exception& exception) {
    return {.head = {}, .outcome = Unexpected(Errors{unavailable(exception)})};
  }
}

SubmitAnswer Connection::submit_notice(const std::string& note) {
  try {
    auto request = impl_->ledger.noticeRequest();
    request.setNote(note);
    auto response = impl_->send(request).wait(impl_->io.waitScope);
    return from_wire(response.getAnswer());
  } catch (const kj::Exception& exception) {
    return {.head = {}, .outcome = Unexpected(Errors{unavailable(exception)})};
  }
}

Result<Done> Connection::submit_many(const Submissions& submissions, size_t in_flight) {
  try {
    Submitter submitter(impl_->ledger, impl_->io, impl_->options.answer_ms * kj::MILLISECONDS);
    return submitter.run(submissions, in_flight);
  } catch (const kj::Exception& exception) {
    return Unexpected(unavailable(exception));
  }
}

Result<Done> Connection::trace_many(const std::function<std::optional<OutgoingQuestion>()>& next,
                                    const std::function<void(size_t, Answer<TracePage>)>& done,
                                    size_t in_flight) {
  using Numbered = std::pair<size_t, Answer<TracePage>>;
  try {
    InFlight<Numbered> open(impl_->io.waitScope);
    for (size_t number = 0;;) {
      while (open.open() < in_flight && !open.failed()) {
        const auto question = next();
        if (!question) break;
        // Moved into the promise: KJ would keep a reference to an lvalue.
        auto send = [this, number, ask = question->ask] {
          auto request = impl_->ledger.traceRequest();
          to_wire(ask, request.initAsk());
          return impl_->send(request).then([number](auto response) {
            return Numbered(number, from_wire(response.getAnswer()));
          });
        };
        const auto after = question->after.count() * kj::MICROSECONDS;
        open.add(after > 0 * kj::SECONDS
                     ? impl_->io.provider->getTimer().afterDelay(after).then(kj::mv(send))
                     : send());
        ++number;
      }
      if (open.open() == 0) return Done{};
      SUYUAN_TRY(answer, open.take());
      done(answer.first, std::move(answer.second));
    }
  } catch (const kj::Exception& exception) {
    return Unexpected(unavailable(exception));
  }
}

Answer<BatchReceipt> Connection::receipt(const Hash& batch, const AtLeast& at_least) {
  return impl_->call<BatchReceipt>([&] {
    auto request = impl_->ledger.receiptRequest();
    const auto id = batch.view();
    request.setBatch(kj::arrayPtr(reinterpret_cast<const kj::byte*>(id.data()), id.size()));
    to_wire(at_least, request.initAtLeast());
    return request;
  });
}

Answer<EventView> Connection::event(Place place, bool with_path) {
  return impl_->call<EventView>([&] {
    auto request = impl_->ledger.eventRequest();
    to_wire(place, request.initPlace());
    request.setWithPath(with_path);
    return request;
  });
}

Answer<TracePage> Connection::trace(const CodeQuestion& question, bool with_events) {
  return impl_->call<TracePage>([&] {
    auto request = impl_->ledger.traceRequest();
    to_wire(question, request.initAsk());
    request.setWithEvents(with_events);
    return request;
  });
}

Answer<ChainPage> Connection::events(const CodeQuestion& question, bool with_events) {
  return impl_->call<ChainPage>([&] {
    auto request = impl_->ledger.eventsRequest();
    to_wire(question, request.initAsk());
    request.setWithEvents(with_events);
    return request;
  });
}

Answer<ThingState> Connection::state(const CodeQuestion& question) {
  return impl_->call<ThingState>([&] {
    auto request = impl_->ledger.stateRequest();
    to_wire(question, request.initAsk());
    return request;
  });
}

Answer<Contents> Connection::contents(const CodeQuestion& question) {
  return impl_->call<Contents>([&] {
    auto request = impl_->ledger.contentsRequest();
    to_wire(question, request.initAsk());
    return request;
  });
}

Answer<std::vector<Holding>> Connection::custody(const CodeQuestion& question) {
  return impl_->call<std::vector<Holding>>([&] {
    auto request = impl_->ledger.custodyRequest();
    to_wire(question, request.initAsk());
    return request;
  });
}

Answer<Forward> Connection::forward(const CodeQuestion& question) {
  return impl_->call<Forward>([&] {
    auto request = impl_->ledger.forwardRequest();
    to_wire(question, request.initAsk());
    return request;
  });
}

Answer<Recall> Connection::recall(const CodeQuestion& question) {
  return impl_->call<Recall>([&] {
    auto request = impl_->ledger.recallRequest();
    to_wire(question, request.initAsk());
    return request;
  });
}

Answer<std::vector<BalanceLine>> Connection::balance(const CodeQuestion& question) {
  return impl_->call<std::vector<BalanceLine>>([&] {
    auto request = impl_->ledger.balanceRequest();
    to_wire(question, request.initAsk());
    return request;
  });
}

Answer<Page<PartyState>> Connection::parties(const RegistryQuestion& question) {
  return impl_->call<Page<PartyState>>([&] {
    auto request = impl_->ledger.partiesRequest();
    to_wire(question, request.initAsk());
    return request;
  });
}

Answer<Page<ProductData>> Connection::products(const RegistryQuestion& question) {
  return impl_->call<Page<ProductData>>([&] {
    auto request = impl_->ledger.productsRequest();
    to_wire(question, request.initAsk());
    return request;
  });
}

Answer<Page<SiteData>> Connection::sites(const RegistryQuestion& question) {
  return impl_->call<Page<SiteData>>([&] {
    auto request = impl_->ledger.sitesRequest();
    to_wire(question, request.initAsk());
    return request;
  });
}

Answer<CheckpointProof> Connection::checkpoint(uint64_t old_size) {
  return impl_->call<CheckpointProof>([&] {
    auto request = impl_->ledger.checkpointRequest();
    request.setOldSize(old_size);
    return request;
  });
}

Answer<BundleText> Connection::bundle(const CodeQuestion& question) {
  return impl_->call<BundleText>([&] {
    auto request = impl_->ledger.bundleRequest();
    to_wire(question, request.initAsk());
    return request;
  });
}

Answer<VerdictView> Connection::verdict(const CodeQuestion& question) {
  return impl_->call<VerdictView>([&] {
    auto request = impl_->ledger.verdictRequest();
    to_wire(question, request.initAsk());
    return request;
  });
}

Answer<VerdictView> Connection::scan(const ScanRequest& scan) {
  return impl_->call<VerdictView>([&] {
    auto request = impl_->ledger.scanRequest();
    to_wire(scan, request.initScan());
    return request;
  });
}

Answer<Challenge> Connection::challenge() {
  return impl_->call<Challenge>([&] { return impl_->ledger.challengeRequest(); });
}

Answer<OpenedSession> Connection::session(const std::string& note) {
  return impl_->call<OpenedSession>([&] {
    auto request = impl_->ledger.sessionRequest();
    request.setNote(note);
    return request;
  });
}

Result<Done> Connection::ask_as(const std::string& token) {
  try {
    auto request = impl_->ledger.asSessionRequest();
    request.setToken(token);
    impl_->ledger = impl_->send(request).wait(impl_->io.waitScope).getLedger();
    return Done{};
  } catch (const kj::Exception& exception) {
    return Unexpected(unavailable(exception));
  }
}

Answer<AccessPage> Connection::access_log(uint64_t after, uint32_t limit) {
  return impl_->call<AccessPage>([&] {
    auto request = impl_->ledger.accessLogRequest();
    request.setAfter(after);
    request.setLimit(limit);
    return request;
  });
}

Answer<Status> Connection::status() {
  return impl_->call<Status>([&] { return impl_->ledger.statusRequest(); });
}

}  // namespace suyuan
