// MemoryStore: the store interface without a disk, for tests and simulation. One thread.
#pragma once

#include <array>
#include <map>

#include "ledger/store/store.h"

namespace suyuan {

class MemoryStore final : public Store {
 public:
  using Rows = std::map<Bytes, Bytes, std::less<>>;
  // Shared with the snapshots that see it; copied before a write while one does.
  using Tables = std::array<std::shared_ptr<Rows>, kTableCount>;

  MemoryStore();
  std::unique_ptr<Reader> snapshot() const override;
  const Reader& latest() const override { return *latest_; }
  Result<Done> commit(const Changes& changes) override;

  // A disk that fails: the next commit answers IO, and from then on READ_ONLY, with its rows lost,
  // or stored all the same, as after a sync that failed late.
  enum class Outcome : uint8_t { lost, stored };
  void fail_next_commit(Outcome outcome) { fault_ = outcome; }
  // As a restart of the program does: commits are taken again.
  void reopen() { read_only_ = false; }

 private:
  void write(const Changes& changes);

  std::shared_ptr<Tables> tables_;
  std::unique_ptr<Reader> latest_;
  std::optional<Outcome> fault_;
  bool read_only_ = false;
};

}  // namespace suyuan
