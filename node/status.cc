#include "node/status.h"

namespace suyuan {

Result<Status> answer_status(const Service& service, const Reader& reader, const LedgerHead& head) {
  const auto& parts = service.parts();
  SUYUAN_TRY(genesis, reader.get(Table::leaf, u64_key(0)));
  if (!genesis) return fail(Code::CORRUPT, "leaf 0 is missing");
  const auto published = parts.published.get();
  return Status{.genesis_leaf = *std::move(genesis),
                .node = parts.node_name,
                .version = SUYUAN_VERSION,
                .rules = head.rules,
                .events = head.events,
                .chains = head.chains,
                .position = head.position,
                .queued = static_cast<uint32_t>(parts.pipeline.queued()),
                .read_only = parts.pipeline.read_only_reason(),
                .published_size = published ? published->size() : 0,
                .published_time_ms = published ? published->time_ms() : 0};
}

}  // namespace suyuan
