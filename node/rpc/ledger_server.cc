#include "node/rpc/ledger_server.h"

#include <kj/debug.h>
#include <map>
#include <utility>

#include "ledger/base/limits.h"
#include "node/answer/answers.h"
#include "node/answer/bundle.h"
#include "node/answer/consistency.h"
#include "node/pipeline/receipts.h"
#include "node/rpc/mailbox.h"
#include "node/rpc/submitting.h"
#include "node/status.h"
#include "proto/rpc_codec.h"

namespace suyuan {
namespace {

constexpr size_t kTokenBytesMax = 256;
constexpr size_t kSessionsOfConnectionMax = 64;
constexpr size_t kBundleMessageBytesMax = 15 << 20;  // a client reads messages of up to 16 MiB

}  // namespace

// State shared by the servers of all connections.
struct LedgerShared {
  Service& service;
  const std::shared_ptr<Mailbox> mailbox;
  Submitting submitting;
};

namespace {

class LedgerServer;
// State shared by the servers of one connection.
struct OneConnection {
  const std::string client;  // node/access/clients.h
  // By token, for as long as the other end keeps them: one for each token, however often it is
  // requested.
  std::map<std::string, LedgerServer*> sessions = {};
};

// KJ may drop it while a worker still answers: work there holds no pointer to it.
class LedgerServer final : public wire::Ledger::Server {
 public:
  // `token`: who asks; empty: anyone.
  LedgerServer(std::shared_ptr<LedgerShared> shared, std::shared_ptr<OneConnection> connection,
               std::string token)
      : shared_(std::move(shared)),
        service_(shared_->service),
        mailbox_(shared_->mailbox),
        connection_(std::move(connection)),
        token_(std::move(token)) {
    if (!token_.empty()) connection_->sessions[token_] = this;
  }
  ~LedgerServer() { connection_->sessions.erase(token_); }

  kj::Promise<void> submit(SubmitContext context) override {
    const auto params = context.getParams();
    auto answers = shared_->submitting.submit({params.getSubmission()}, connection_->client);
    context.releaseParams();
    return answer_one(context, kj::mv(answers));
  }

  kj::Promise<void> submitMany(SubmitManyContext context) override {
    const auto params = context.getParams();
    const size_t bytes = bytes_of(params);
    const auto list = params.getSubmissions();
    if (list.size() > kSubmissionsOfCallMax || bytes > kBytesOfCallMax) {
      return KJ_EXCEPTION(FAILED, "too much for one call: 256 submissions of 2 MiB at most",
                          list.size(), bytes);
    }
    std::vector<wire::Submission::Reader> sent;
    sent.reserve(list.size());
    for (const auto one : list) sent.push_back(one);
    auto answers = shared_->submitting.submit(sent, connection_->client);
    context.releaseParams();
    return answers.then([context](SubmitAnswers all) mutable {
      uint64_t words = all.size();
      for (const auto& one : all) words += wire_words(one);
      auto list_to = context.getResults(capnp::MessageSize{words, 0})
                         .initAnswers(static_cast<unsigned>(all.size()));
      for (unsigned i = 0; i < all.size(); ++i) to_wire(all[i], list_to[i]);
    });
  }

  kj::Promise<void> receipt(ReceiptContext context) override {
    auto id = hash_from_wire(context.getParams().getBatch(), "batch");
    if (!id) return refuse<BatchReceipt>(context, std::move(id).error());
    return ask<BatchReceipt>(context, asker("receipt"), from_wire(context.getParams().getAtLeast()),
                             [id = *id, &service = service_](const Reader& reader,
                                                             const Viewer& viewer) {
                               return service.receipt(reader, id, viewer);
                             });
  }

  kj::Promise<void> event(EventContext context) override {
    auto place = from_wire(context.getParams().getPlace());
    if (!place) return refuse<EventView>(context, std::move(place).error());
    const bool with_path = context.getParams().getWithPath();
    return ask<EventView>(context, asker("event"), from_wire(context.getParams().getAtLeast()),
                          [place = *place, with_path](const Reader& reader, const Viewer& viewer) {
                            return answer_event(reader, place, with_path, viewer);
                          });
  }

  kj::Promise<void> trace(TraceContext context) override {
    const bool with_events = context.getParams().getWithEvents();
    return ask_code<TracePage>(context, "trace",
                               [with_events](const Reader& reader, const CodeQuestion& question) {
                                 return answer_trace(reader, question, with_events);
                               });
  }
  kj::Promise<void> events(EventsContext context) override {
    const bool with_events = context.getParams().getWithEvents();
    return ask_code<ChainPage>(context, "events",
                               [with_events](const Reader& reader, const CodeQuestion& question) {
                                 return answer_chain(reader, question, with_events);
                               });
  }
  kj::Promise<void> state(StateContext context) override {
    return ask_code<ThingState>(context, "state", answer_state);
  }
  kj::Promise<void> contents(ContentsContext context) override {
    return ask_code<Contents>(context, "contents", answer_contents);
  }
  kj::Promise<void> custody(CustodyContext context) override {
    return ask_code<std::vector<Holding>>(context, "custody", answer_custody);
  }
  kj::Promise<void> forward(ForwardContext context) override {
    return ask_uses<Forward>(context, "forward", answer_forward);
  }
  kj::Promise<void> recall(RecallContext context) override {
    return ask_uses<Recall>(context, "recall", answer_recall);
  }
  kj::Promise<void> balance(BalanceContext context) override {
    return ask_code<std::vector<BalanceLine>>(context, "balance", answer_balance);
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
    return ask<Status>(context, anyone(), AtLeast{},
                       [&service = service_](const Reader& reader,
                                             const Viewer&) -> Result<Status> {
                         SUYUAN_TRY(head, read_head(reader));
                         return answer_status(service, reader, head);
                       });
  }

  kj::Promise<void> bundle(BundleContext context) override {
    auto asked = from_wire(context.getParams().getAsk());
    if (asked) asked = canonical_question(*std::move(asked));
    if (!asked) return refuse<BundleText>(context, std::move(asked).error());
    context.releaseParams();
    // By pointer: this is megabytes, and promises move their values several times.
    using Carried = std::shared_ptr<Answer<BundleText>>;
    auto slot = std::make_shared<Slot<Carried>>(mailbox_);
    auto promise = slot->promise();
    service_.ask_published_as<BundleText>(
        asker("bundle", asked->code), asked->at_least,
        [asked = *asked](const Published& published, const Viewer& viewer) {
          return answer_bundle(published, asked.code, kBundleMessageBytesMax, viewer);
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
    using Carried = std::shared_ptr<Answer<CheckpointProof>>;
    auto slot = std::make_shared<Slot<Carried>>(mailbox_);
    auto promise = slot->promise();
    service_.ask_published<CheckpointProof>(
        connection_->client, AtLeast{},
        [old_size](const Published& published) { return answer_checkpoint(published, old_size); },
        [slot](Answer<CheckpointProof> answer) {
          Slot<Carried>::put(slot, std::make_shared<Answer<CheckpointProof>>(std::move(answer)));
        });
    return promise.then([context](Carried answer) mutable {
      to_wire(*answer, context.getResults().initAnswer());
    });
  }

  kj::Promise<void> scan(ScanContext context) override {
    auto asked = from_wire(context.getParams().getScan());
    if (!asked) return refuse<VerdictView>(context, std::move(asked).error());
    context.releaseParams();
    auto slot = std::make_shared<Slot<Answer<VerdictView>>>(mailbox_);
    auto promise = slot->promise();
    service_.scan(connection_->client, *std::move(asked),
                  [slot](const Answer<VerdictView>& answer) {
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
    service_.verdict(connection_->client, *asked, [slot](const Answer<VerdictView>& answer) {
      Slot<Answer<VerdictView>>::put(slot, answer);
    });
    return promise.then([context](Answer<VerdictView> answer) mutable {
      to_wire(answer, context.getResults().initAnswer());
    });
  }

  kj::Promise<void> challenge(ChallengeContext context) override {
    return ask_anyone<Challenge>(
        context, [&access = service_.parts().access](const Reader&, const LedgerHead&)
                     -> Result<Challenge> { return access.challenge(); });
  }

  kj::Promise<void> session(SessionContext context) override {
    const auto sent = context.getParams().getNote();
    std::string note(sent.begin(), std::min(sent.size(), limits::kNoteBytesMax + 1));
    return ask_anyone<OpenedSession>(
        context, [&access = service_.parts().access, note = std::move(note)](
                     const Reader& reader, const LedgerHead&) {
          return access.open(reader, note);
        });
  }

  kj::Promise<void> asSession(AsSessionContext context) override {
    const auto token = context.getParams().getToken();
    std::string text(token.begin(), std::min(token.size(), kTokenBytesMax));
    // A token that nobody has: an empty token would mean anyone, but this client means somebody.
    // All unknown tokens share it, so that any number of them makes one object.
    const auto& parts = service_.parts();
    if (!parts.access.sessions().find(text, parts.clock())) text.assign(1, '-');
    const auto known = connection_->sessions.find(text);
    if (known != connection_->sessions.end()) {
      context.getResults().setLedger(known->second->thisCap());
      return kj::READY_NOW;
    }
    if (connection_->sessions.size() >= kSessionsOfConnectionMax)
      return KJ_EXCEPTION(OVERLOADED, "too many sessions are open on one connection");
    context.getResults().setLedger(
        kj::heap<LedgerServer>(shared_, connection_, std::move(text)));
    return kj::READY_NOW;
  }

  kj::Promise<void> notice(NoticeContext context) override {
    const auto sent = context.getParams().getNote();
    std::string note(sent.begin(), std::min(sent.size(), limits::kNoteBytesMax + 1));
    context.releaseParams();
    return answer_one(context,
                      shared_->submitting.submit_notice(std::move(note), connection_->client));
  }

  kj::Promise<void> accessLog(AccessLogContext context) override {
    const uint64_t after = context.getParams().getAfter();
    const uint32_t limit = context.getParams().getLimit();
    return ask<AccessPage>(context, asker("access"), AtLeast{},
                           [&access = service_.parts().access, after, limit](
                               const Reader&, const Viewer& viewer) {
                             return access.read_log(viewer, after, limit);
                           });
  }

 private:
  Asker asker(const char* question, std::string code = {}) const {
    return {.client = connection_->client,
            .token = token_,
            .question = question,
            .code = std::move(code)};
  }
  // Of answers that are the same for all.
  Asker anyone() const { return {.client = connection_->client}; }

  template <class Params>
  static size_t bytes_of(const Params& params) {
    return params.totalSize().wordCount * sizeof(capnp::word);
  }

  template <class Context>
  static kj::Promise<void> answer_one(Context context, kj::Promise<SubmitAnswers> answers) {
    return answers.then([context](SubmitAnswers all) mutable {
      const SubmitAnswer& answer = all.front();
      to_wire(answer, context.getResults(capnp::MessageSize{wire_words(answer), 0}).initAnswer());
    });
  }

  template <class T, class Context>
  kj::Promise<void> refuse(Context context, Error error) {
    to_wire(Answer<T>{.head = {}, .value = Unexpected(std::move(error))},
            context.getResults().initAnswer());
    return kj::READY_NOW;
  }

  template <class T, class Context, class Question>
  kj::Promise<void> ask_anyone(Context context, Question question) {
    context.releaseParams();
    // By pointer: KJ's promises move their values, and g++ 12 loses `filter` when this is moved.
    using Carried = std::shared_ptr<Answer<T>>;
    auto slot = std::make_shared<Slot<Carried>>(mailbox_);
    auto promise = slot->promise();
    service_.ask<T>(connection_->client, AtLeast{}, std::move(question),
                    [slot](Answer<T> answer) {
                      Slot<Carried>::put(slot, std::make_shared<Answer<T>>(std::move(answer)));
                    });
    return promise.then([context](Carried answer) mutable {
      to_wire(*answer, context.getResults().initAnswer());
    });
  }

  template <class T, class Context, class Question>
  kj::Promise<void> ask(Context context, Asker who, Result<AtLeast> at_least, Question question) {
    if (!at_least) return refuse<T>(context, std::move(at_least).error());
    context.releaseParams();
    auto slot = std::make_shared<Slot<Answer<T>>>(mailbox_);
    auto promise = slot->promise();
    service_.ask_as<T>(who, *at_least, std::move(question),
                       [slot, code = who.code](Answer<T> answer) {
                         answer.head.code = code;
                         Slot<Answer<T>>::put(slot, std::move(answer));
                       });
    return promise.then([context](Answer<T> answer) mutable {
      to_wire(answer, context.getResults().initAnswer());
    });
  }

  template <class T, class Context, class Question>
  kj::Promise<void> ask_code(Context context, const char* name, Question question) {
    auto asked = from_wire(context.getParams().getAsk());
    if (asked) asked = canonical_question(*std::move(asked));
    if (!asked) return refuse<T>(context, std::move(asked).error());
    return ask<T>(context, asker(name, asked->code), asked->at_least,
                  [question, asked = *asked](const Reader& reader, const Viewer& viewer) {
                    CodeQuestion seen = asked;
                    seen.viewer = viewer;
                    return question(reader, seen);
                  });
  }

  // For what remembers its way.
  template <class T, class Context, class Question>
  kj::Promise<void> ask_uses(Context context, const char* name, Question question) {
    return ask_code<T>(context, name,
                       [question, &memory = service_.parts().recalls](
                           const Reader& reader, const CodeQuestion& asked) {
                         return question(reader, asked, &memory);
                       });
  }

  template <class T, class Context, class Question>
  kj::Promise<void> ask_registry(Context context, Question question) {
    auto asked = from_wire(context.getParams().getAsk());
    if (!asked) return refuse<T>(context, std::move(asked).error());
    return ask<T>(context, anyone(), asked->at_least,
                  [question, asked = *asked](const Reader& reader, const Viewer&) {
                    return question(reader, asked);
                  });
  }

  const std::shared_ptr<LedgerShared> shared_;
  Service& service_;
  const std::shared_ptr<Mailbox> mailbox_;
  const std::shared_ptr<OneConnection> connection_;
  const std::string token_;
};

}  // namespace

std::shared_ptr<LedgerShared> share_ledger(Service& service) {
  auto mailbox = std::make_shared<Mailbox>(service.parts().io);
  return std::make_shared<LedgerShared>(
      LedgerShared{.service = service,
                   .mailbox = mailbox,
                   .submitting = Submitting(service, mailbox)});
}

wire::Ledger::Client make_ledger_server(std::shared_ptr<LedgerShared> shared, std::string client) {
  auto connection = std::make_shared<OneConnection>(OneConnection{.client = std::move(client)});
  return kj::heap<LedgerServer>(std::move(shared), std::move(connection), std::string());
}

}  // namespace suyuan
