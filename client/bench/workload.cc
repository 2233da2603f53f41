#include "client/bench/workload.h"

#include <algorithm>
#include <thread>

#include "client/keys.h"
#include "client/seal.h"
#include "ledger/base/text.h"
#include "ledger/code/check_digit.h"
#include "ledger/crypto/hash.h"
#include "ledger/os/files.h"

namespace suyuan {
namespace {

JsonEvent commissioning(const std::string& code, int64_t event_time_ms) {
  JsonEvent out;
  TraceEvent& event = out.event;
  event.type = EventType::object;
  event.kind = Kind::origin;
  event.action = Action::add;
  event.event_time = {.ms = event_time_ms, .offset_minutes = 0};
  event.step = "commissioning";
  event.disposition = "active";
  event.objects.push_back({.code = code});
  return out;
}

Result<Submission> make_one(const PinnedLedger& ledger, const NamedKeyPair& key,
                            const WorkloadPlan& plan, const std::string& class_code) {
  std::vector<UnsignedEvent> events;
  for (size_t i = 0; i < plan.batch; ++i) {
    const auto serial = random_fixed<Fixed<10, struct SerialTag>>();
    const std::string code = class_code + "/21/" + to_hex(serial.view());
    auto sealed = seal_event(commissioning(code, plan.event_time_ms), key.name, random_salt);
    if (!sealed) return Unexpected(sealed.error().front());
    events.push_back(std::move(sealed->event));
  }
  return sign_batch(ledger.id, PayloadType::event_capnp, std::move(events),
                    static_cast<uint64_t>(plan.until_ms), random_fixed<Nonce>(), signer_of(key));
}

}  // namespace

std::string bench_gtin(std::string_view party) {
  // 952 is GS1's prefix for examples; it is never given to a company.
  constexpr uint32_t kNumbers = 1'000'000'000;
  const Hash hash = sha256(party);
  uint32_t number = 0;
  for (size_t i = 0; i < 4; ++i) number = number << 8 | hash.data[i];
  const std::string tail = std::to_string(kNumbers + number % kNumbers).substr(1);
  const std::string data = "0952" + tail;
  return data + gs1_check_digit(data);
}

Result<std::vector<Submission>> make_workload(const PinnedLedger& ledger, const NamedKeyPair& key,
                                              const WorkloadPlan& plan) {
  const std::string class_code = "https://id.gs1.org/01/" + bench_gtin(key.name);
  std::vector<Submission> submissions(plan.batches);
  const size_t threads = std::max(1U, std::thread::hardware_concurrency());
  std::vector<std::optional<Error>> errors(threads);
  {
    std::vector<std::jthread> workers;
    for (size_t worker = 0; worker < threads; ++worker) {
      workers.emplace_back([&, worker] {
        for (size_t i = worker; i < plan.batches; i += threads) {
          auto one = make_one(ledger, key, plan, class_code);
          if (!one) {
            errors[worker] = std::move(one).error();
            return;
          }
          submissions[i] = *std::move(one);
        }
      });
    }
  }
  for (auto& error : errors) {
    if (error) return Unexpected(*std::move(error));
  }
  return submissions;
}

}  // namespace suyuan
