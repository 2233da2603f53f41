#include "node/rpc/ledger_server.h"

#include <boost/asio/post.hpp>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "node/answers.h"
#include "node/bundle.h"
#include "node/consistency.h"
#include "node/receipts.h"
#include "node/rpc/charge.h"
#include "node/status.h"
#include "proto/rpc_codec.h"

namespace suyuan {
namespace {

namespace asio = boost::asio;

class Delivery {
 public:
  virtual ~Delivery() noexcept(false) = default;  // as KJ has it
  virtual void deliver() = 0;  // on the network thread
};

// What other threads have made, on its way to the KJ loop. All that is ready when the network
// thread comes to look goes in one go: a group's answers cost one wake-up.
class Mailbox : public std::enable_shared_from_this<Mailbox> {
 public:
  explicit Mailbox(asio::io_context& io) : io_(io) {}

  // From any thread. The delivery travels with the handler, so it dies on the network thread.
  void put(std::shared_ptr<Delivery> one) {
    {
      const std::scoped_lock lock(mutex_);
      ready_.push_back(std::move(one));
      if (ready_.size() > 1) return;  // a handler is on its way already
    }
    asio::post(io_, [self = shared_from_this()] { self->deliver_all(); });
  }

 private:
  void deliver_all() {
    std::vector<std::shared_ptr<Delivery>> ready;
    {
      const std::scoped_lock lock(mutex_);
      ready.swap(ready_);
    }
    for (const auto& one : ready) one->deliver();
  }

  asio::io_context& io_;
  std::mutex mutex_;  // guards ready_, for as long as it takes to move pointers
  std::vector<std::shared_ptr<Delivery>> ready_;
};

// A value that another thread makes and this one's KJ loop waits for. The fulfiller never leaves
// the network thread: the other side holds the slot, which holds it, and comes back through the
// mailbox.
template <class T>
class Slot final : public Delivery {
 public:
  explicit Slot(std::shared_ptr<Mailbox> mailbox) : mailbox_(std::move(mailbox)) {}
  kj::Promise<T> promise() {
    auto pair = kj::newPromiseAndFulfiller<T>();
    fulfiller_ = kj::mv(pair.fulfiller);
    return kj::mv(pair.promise);
  }
  // From any thread, once.
  static void put(std::shared_ptr<Slot> self, T value) {
    self->value_.emplace(std::move(value));
    const auto mailbox = self->mailbox_;  // the slot may be gone before put() returns
    mailbox->put(std::move(self));
  }
  void deliver() override {
    const auto fulfiller = kj::mv(fulfiller_);
    const_cast<kj::PromiseFulfiller<T>&>(*fulfiller).fulfill(*std::move(value_));
  }

 private:
  const std::shared_ptr<Mailbox> mailbox_;
  kj::Own<kj::PromiseFulfiller<T>> fulfiller_;
  std::optional<T> value_;
};

constexpr size_t kBundleMessageBytesMax = 15 << 20;  // a client reads messages of 16 MiB

class LedgerServer final : public wire::Ledger::Server {
 public:
  LedgerServer(Service& service, size_t submitted_bytes_max)
      : service_(service),
        mailbox_(std::make_shared<Mailbox>(service.parts().io)),
        submitted_bytes_max_(submitted_bytes_max) {}

  kj::Promise<void> submit(SubmitContext context) override {
    const size_t bytes = context.getParams().totalSize().wordCount * sizeof(capnp::word);
    const auto charge = Charge::take(submitted_, bytes, submitted_bytes_max_);
    if (charge == nullptr) {
      context.releaseParams();
      const Error busy{.code = Code::BUSY,
                       .message = "too many submissions wait for their answers; send it later"};
      to_wire(SubmitAnswer{.head = {.retry_after_ms = kRetryAfterMs},
                           .outcome = Unexpected(Errors{busy})},
              context.getResults().initAnswer());
      return kj::READY_NOW;
    }
    auto submission = from_wire(context.getParams().getSubmission());
    context.releaseParams();
    if (!submission) {
      to_wire(
          SubmitAnswer{.head = {}, .outcome = Unexpected(Errors{std::move(submission).error()})},
          context.getResults().initAnswer());
      return kj::READY_NOW;
    }
    auto slot = std::make_shared<Slot<SubmitAnswer>>(mailbox_);
    auto promise = slot->promise();
    service_.submit(*std::move(submission), [slot, charge, this](Results<BatchReceipt> outcome) {
      Slot<SubmitAnswer>::put(slot, {.head = head_of(outcome), .outcome = std::move(outcome)});
    });
    return promise.then([context](SubmitAnswer answer) mutable {
      to_wire(answer, context.getResults().initAnswer());
    });
  }

  kj::Promise<void> receipt(ReceiptContext context) override {
    auto id = hash_from_wire(context.getParams().getBatch(), "batch");
    if (!id) return refuse<BatchReceipt>(context, std::move(id).error());
    return ask<BatchReceipt>(
        context, from_wire(context.getParams().getAtLeast()),
        [id = *id](const Reader& reader, const LedgerHead&) {
          return find_receipt(reader, id, Viewer{});
        });
  }

  kj::Promise<void> event(EventContext context) override {
    auto place = from_wire(context.getParams().getPlace());
    if (!place) return refuse<EventView>(context, std::move(place).error());
    const bool with_path = context.getParams().getWithPath();
    return ask<EventView>(context, from_wire(context.getParams().getAtLeast()),
                          [place = *place, with_path](const Reader& reader, const LedgerHead&) {
                            return answer_event(reader, place, with_path, Viewer{});
                          });
  }

  kj::Promise<void> trace(TraceContext context) override {
    const bool with_events = context.getParams().getWithEvents();
    return ask_code<TracePage>(context,
                               [with_events](const Reader& reader, const CodeQuestion& question) {
                                 return answer_trace(reader, question, with_events);
                               });
  }
  kj::Promise<void> events(EventsContext context) override {
    const bool with_events = context.getParams().getWithEvents();
    return ask_code<ChainPage>(context,
                               [with_events](const Reader& reader, const CodeQuestion& question) {
                                 return answer_chain(reader, question, with_events);
                               });
  }
  kj::Promise<void> state(StateContext context) override {
    return ask_code<ThingState>(context, answer_state);
  }
  kj::Promise<void> contents(ContentsContext context) override {
    return ask_code<Contents>(context, answer_contents);
  }
  kj::Promise<void> custody(CustodyContext context) override {
    return ask_code<std::vector<Holding>>(context, answer_custody);
  }
  kj::Promise<void> forward(ForwardContext context) override {
    return ask_code<Forward>(context, answer_forward);
  }
  kj::Promise<void> recall(RecallContext context) override {
    return ask_code<Recall>(context, answer_recall);
  }
  kj::Promise<void> balance(BalanceContext context) override {
    return ask_code<std::vector<BalanceLine>>(context, answer_balance);
  }

  kj::Promise<void> parties(PartiesContext context) override {
    return ask_registry<Page<PartyState>>(context, answer_parties);
  }
  kj::Promise<void> products(ProductsContext context) override {
    return ask_registry<Page<ProductData>>(context, answer_products);
  }
  kj::Promise<void> sites(SitesContext context) override {
    return ask_registry<Page<SiteData>>(context, answer_sites);
  }

  kj::Promise<void> status(StatusContext context) override {
    return ask<Status>(context, AtLeast{}, [this](const Reader& reader, const LedgerHead& head) {
      return answer_status(service_, reader, head);
    });
  }

  kj::Promise<void> bundle(BundleContext context) override {
    auto asked = from_wire(context.getParams().getAsk());
    if (asked) asked = canonical_question(*std::move(asked));
    if (!asked) return refuse<BundleText>(context, std::move(asked).error());
    context.releaseParams();
    // By pointer: megabytes cross the threads, and promises move what they carry several times.
    using Carried = std::shared_ptr<Answer<BundleText>>;
    auto slot = std::make_shared<Slot<Carried>>(mailbox_);
    auto promise = slot->promise();
    service_.ask_published<BundleText>(
        asked->at_least,
        [asked = *asked](const Published& published) {
          return answer_bundle(published, asked.code, kBundleMessageBytesMax, asked.viewer);
        },
        [slot](Answer<BundleText> answer) {
          Slot<Carried>::put(slot, std::make_shared<Answer<BundleText>>(std::move(answer)));
        });
    return promise.then([context](Carried answer) mutable {
      to_wire(*answer, context.getResults().initAnswer());
    });
  }

  kj::Promise<void> checkpoint(CheckpointContext context) override {
    const uint64_t old_size = context.getParams().getOldSize();
    context.releaseParams();
    auto slot = std::make_shared<Slot<Answer<CheckpointProof>>>(mailbox_);
    auto promise = slot->promise();
    service_.ask_published<CheckpointProof>(
        AtLeast{},
        [old_size](const Published& published) { return answer_checkpoint(published, old_size); },
        [slot](Answer<CheckpointProof> answer) {
          Slot<Answer<CheckpointProof>>::put(slot, std::move(answer));
        });
    return promise.then([context](Answer<CheckpointProof> answer) mutable {
      to_wire(answer, context.getResults().initAnswer());
    });
  }

  kj::Promise<void> scan(ScanContext context) override {
    auto asked = from_wire(context.getParams().getScan());
    if (!asked) return refuse<VerdictView>(context, std::move(asked).error());
    context.releaseParams();
    auto slot = std::make_shared<Slot<Answer<VerdictView>>>(mailbox_);
    auto promise = slot->promise();
    service_.scan(*std::move(asked), [slot](const Answer<VerdictView>& answer) {
      Slot<Answer<VerdictView>>::put(slot, answer);
    });
    return promise.then([context](Answer<VerdictView> answer) mutable {
      to_wire(answer, context.getResults().initAnswer());
    });
  }

  kj::Promise<void> verdict(VerdictContext context) override {
    auto asked = from_wire(context.getParams().getAsk());
    if (asked) asked = canonical_question(*std::move(asked));
    if (!asked) return refuse<VerdictView>(context, std::move(asked).error());
    context.releaseParams();
    auto slot = std::make_shared<Slot<Answer<VerdictView>>>(mailbox_);
    auto promise = slot->promise();
    service_.verdict(*asked, [slot](const Answer<VerdictView>& answer) {
      Slot<Answer<VerdictView>>::put(slot, answer);
    });
    return promise.then([context](Answer<VerdictView> answer) mutable {
      to_wire(answer, context.getResults().initAnswer());
    });
  }

 private:
  AnswerHead head_of(const Results<BatchReceipt>& outcome) const {
    AnswerHead head{.size = service_.parts().growth.size(), .time_ms = 0};
    if (outcome)
      head.time_ms = outcome->time_ms;
    else if (outcome.error().front().code == Code::BUSY)
      head.retry_after_ms = kRetryAfterMs;
    return head;
  }

  template <class T, class Context>
  kj::Promise<void> refuse(Context context, Error error) {
    to_wire(Answer<T>{.head = {}, .value = Unexpected(std::move(error))},
            context.getResults().initAnswer());
    return kj::READY_NOW;
  }

  template <class T, class Context, class Question>
  kj::Promise<void> ask(Context context, Result<AtLeast> at_least, Question question,
                        std::string code = {}) {
    if (!at_least) return refuse<T>(context, std::move(at_least).error());
    context.releaseParams();
    auto slot = std::make_shared<Slot<Answer<T>>>(mailbox_);
    auto promise = slot->promise();
    service_.ask<T>(*at_least, std::move(question),
                    [slot, code = std::move(code)](Answer<T> answer) {
                      answer.head.code = code;
                      Slot<Answer<T>>::put(slot, std::move(answer));
                    });
    return promise.then([context](Answer<T> answer) mutable {
      to_wire(answer, context.getResults().initAnswer());
    });
  }

  template <class T, class Context, class Question>
  kj::Promise<void> ask_code(Context context, Question question) {
    auto asked = from_wire(context.getParams().getAsk());
    if (asked) asked = canonical_question(*std::move(asked));
    if (!asked) return refuse<T>(context, std::move(asked).error());
    return ask<T>(
        context, asked->at_least,
        [question, asked = *asked](const Reader& reader, const LedgerHead&) {
          return question(reader, asked);
        },
        asked->code);
  }

  template <class T, class Context, class Question>
  kj::Promise<void> ask_registry(Context context, Question question) {
    auto asked = from_wire(context.getParams().getAsk());
    if (!asked) return refuse<T>(context, std::move(asked).error());
    return ask<T>(context, asked->at_least,
                  [question, asked = *asked](const Reader& reader, const LedgerHead&) {
                    return question(reader, asked);
                  });
  }

  Service& service_;
  const std::shared_ptr<Mailbox> mailbox_;
  const size_t submitted_bytes_max_;
  const Charge::Total submitted_ = std::make_shared<std::atomic<size_t>>(0);
};

}  // namespace

wire::Ledger::Client make_ledger_server(Service& service, size_t submitted_bytes_max) {
  return kj::heap<LedgerServer>(service, submitted_bytes_max);
}

}  // namespace suyuan
