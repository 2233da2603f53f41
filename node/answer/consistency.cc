#include "node/answer/consistency.h"

#include "ledger/apply/log_reader.h"

namespace suyuan {

Result<CheckpointProof> answer_checkpoint(const Published& published, uint64_t old_size) {
  CheckpointProof shown{.note = published.checkpoint, .path = {}};
  if (old_size == 0 || old_size >= published.size()) return shown;
  SUYUAN_TRY(path, answer_consistency(published, old_size, published.size()));
  shown.path = std::move(path);
  return shown;
}

Result<std::vector<Hash>> answer_consistency(const Published& published, uint64_t from,
                                             uint64_t to) {
  if (to > published.size()) {
    return fail(Code::BAD_REQUEST,
                "published are " + std::to_string(published.size()) + " leaves, not " +
                    std::to_string(to),
                "query.to");
  }
  if (from > to) return fail(Code::BAD_REQUEST, "from is above to", "query.from");
  if (from == 0 || from == to) return std::vector<Hash>{};
  const TreeRows rows(*published.state);
  return consistency_proof(TiledNodes(rows), from, to);
}

}  // namespace suyuan
