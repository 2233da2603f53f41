#include "node/handlers.h"

#include <spdlog/spdlog.h>

#include <new>
#include <string>

#include "node/out_of_memory.h"
#include "node/rpc/event_port.h"

namespace suyuan {

void run_handlers(boost::asio::io_context& io, const std::function<void(const Error&)>& end_with) {
  FailureCount failures;
  const auto failed = [&](const char* why) {
    spdlog::error("a handler failed, and what it had in hand is lost: {}", why);
    if (!failures.add(std::chrono::steady_clock::now())) return;
    end_with({.code = Code::STOPPING,
              .message = "more than " + std::to_string(FailureCount::kMax) +
                         " handlers of the network's thread failed within a minute, the last: " +
                         why});
  };
  while (!io.stopped()) {
    try {
      io.run();
    } catch (const std::bad_alloc&) {
      end_out_of_memory();
    } catch (const std::exception& exception) {
      failed(exception.what());
    } catch (const kj::Exception& exception) {
      failed(exception.getDescription().cStr());
    }
  }
}

}  // namespace suyuan
