#include "node/epcis_side.h"

#include <spdlog/spdlog.h>

#include "node/epcis/subscriptions.h"
#include "node/http/epcis/api.h"

namespace suyuan {

// In the order of construction.
struct EpcisSide::Parts {
  Parts(const ServeOptions& options, const LedgerId& ledger, Service& service,
        std::unique_ptr<epcis::Index> opened, std::unique_ptr<epcis::Gateway> found,
        std::unique_ptr<epcis::State> kept)
      : index(std::move(opened)),
        gateway(std::move(found)),
        state(std::move(kept)),
        indexed(service.parts().io),
        captures({.service = service, .gateway = *gateway, .state = *state, .ledger = ledger}),
        subscriptions({.service = service,
                       .index = *index,
                       .state = *state,
                       .loopback = options.loopback_webhooks}),
        indexer({.store = service.parts().store,
                 .index = *index,
                 .on_indexed =
                     [this](uint64_t size) {
                       indexed.advance(size);
                       subscriptions.indexed(size);
                     },
                 .on_fault =
                     [](const Error& fault) {
                       spdlog::error("the EPCIS index is not updated until a restart: {}",
                                     to_text(fault));
                     }}),
        api({.service = service,
             .index = *index,
             .indexed = indexed,
             .indexer = indexer,
             .gateway = *gateway,
             .state = *state,
             .captures = captures,
             .loopback_callbacks = options.loopback_webhooks}) {}

  const std::unique_ptr<epcis::Index> index;
  const std::unique_ptr<epcis::Gateway> gateway;
  const std::unique_ptr<epcis::State> state;
  SizeWaiters indexed;
  epcis::Captures captures;
  epcis::Subscriptions subscriptions;
  epcis::Indexer indexer;
  const http::epcis::EpcisApi api;
};

Result<std::unique_ptr<EpcisSide>> EpcisSide::open(const DataFolder& folder,
                                                   const ServeOptions& options,
                                                   const LedgerId& ledger, Service& service,
                                                   std::optional<NamedKeyPair> gateway_key) {
  SUYUAN_TRY(head, read_head(service.parts().store.latest()));
  SUYUAN_TRY(index, epcis::Index::open(folder.epcis_index(), ledger, head.leaves));
  SUYUAN_TRY(gateway,
             epcis::Gateway::open({.path = folder.gateway()}, std::move(gateway_key)));
  SUYUAN_TRY(state, epcis::State::open(folder.epcis_state()));
  auto parts = std::make_unique<Parts>(options, ledger, service, std::move(index),
                                       std::move(gateway), std::move(state));
  SUYUAN_TRY_DONE(parts->captures.resume());
  parts->indexer.start();
  parts->subscriptions.start();
  return std::unique_ptr<EpcisSide>(new EpcisSide(std::move(parts)));
}

EpcisSide::EpcisSide(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
EpcisSide::~EpcisSide() { stop(); }

bool EpcisSide::is_ours(const http::Request& request) {
  return http::epcis::EpcisApi::is_ours(request);
}

void EpcisSide::handle(http::Request request, http::Reply reply) const {
  parts_->api.handle(std::move(request), std::move(reply));
}

Result<Done> EpcisSide::link_state_to(const std::string& folder) const {
  return parts_->state->link_to(folder);
}
SideMemory EpcisSide::index_memory() const { return parts_->index->memory(); }
SideMemory EpcisSide::state_memory() const { return parts_->state->memory(); }
bool EpcisSide::index_is_damaged() const { return parts_->index->is_damaged(); }
void EpcisSide::grown(uint64_t leaves) { parts_->indexer.grown(leaves); }
void EpcisSide::stop_waiting() { parts_->indexed.stop(); }
void EpcisSide::stop() {
  parts_->indexer.stop();
  parts_->subscriptions.stop();
}

}  // namespace suyuan
