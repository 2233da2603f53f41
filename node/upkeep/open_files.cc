#include "node/upkeep/open_files.h"

#include <spdlog/spdlog.h>
#include <sys/resource.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace suyuan {
namespace {

constexpr size_t kOwnFiles = 160;  // logs, listeners, witnesses, webhooks, side stores
constexpr size_t kStoreFilesMin = 256;
constexpr size_t kConnectionsMin = 32;
constexpr size_t kStoreFilesEnough = 1 << 20;

}  // namespace

Result<Done> plan_open_files(ServeOptions& options) {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0)
    return fail(Code::IO, std::string("cannot read the limit of open files: ") +
                              std::strerror(errno));
  if (limit.rlim_cur < limit.rlim_max) {
    const rlimit raised{.rlim_cur = limit.rlim_max, .rlim_max = limit.rlim_max};
    if (::setrlimit(RLIMIT_NOFILE, &raised) == 0) limit = raised;
  }
  if (limit.rlim_cur == RLIM_INFINITY) return Done{};
  const size_t files = limit.rlim_cur;
  constexpr size_t kLeast = kOwnFiles + kStoreFilesMin + kConnectionsMin;
  if (files < kLeast) {
    return fail(Code::IO, "this process may open " + std::to_string(files) +
                              " files, a node needs " + std::to_string(kLeast) +
                              ": raise the limit (LimitNOFILE= of systemd, ulimit -n)");
  }
  const size_t asked = options.rpc_connections + options.http_connections;
  const size_t room = files - kOwnFiles - kStoreFilesMin;
  if (asked > room) {
    options.rpc_connections = std::max<size_t>(1, options.rpc_connections * room / asked);
    options.http_connections = std::max<size_t>(1, room - options.rpc_connections);
    spdlog::warn("at most {} RPC and {} HTTP connections are accepted, since this process may open "
                 "only {} files: raise the limit (LimitNOFILE= of systemd, ulimit -n)",
                 options.rpc_connections, options.http_connections, files);
  }
  const size_t left = files - kOwnFiles - options.rpc_connections - options.http_connections;
  options.store_files = left > kStoreFilesEnough ? -1 : static_cast<int>(left);
  return Done{};
}

}  // namespace suyuan
