// The rows of an audit that are too many for memory, in files of the machine's temporary folder
// that go with it. They are read through the system's cache, which gives their pages up when others
// need memory.
#pragma once

#include <map>
#include <string>

#include "ledger/proof/audit_rows.h"

namespace suyuan {

class FileShelf final : public RowShelf {
 public:
  FileShelf() = default;
  ~FileShelf() override;
  FileShelf(const FileShelf&) = delete;
  FileShelf& operator=(const FileShelf&) = delete;

  Result<BytesView> keep(const std::string& name, const Write& write) override;

 private:
  struct Mapping {
    void* address = nullptr;
    size_t bytes = 0;
  };
  std::map<std::string, Mapping> kept_;
};

}  // namespace suyuan
