#include "ledger/store/scanner.h"

namespace suyuan {
namespace {

class PlainScanner final : public Scanner {
 public:
  PlainScanner(const Reader& reader, Table table) : reader_(reader), table_(table) {}
  Result<Done> scan(BytesView from, BytesView to, const RowVisitor& visit) override {
    return reader_.scan(table_, from, to, Direction::ascending, visit);
  }

 private:
  const Reader& reader_;
  const Table table_;
};

}  // namespace

std::unique_ptr<Scanner> scanner_of(const Reader& reader, Table table, Rereads rereads) {
  if (const auto* source = dynamic_cast<const ScannerSource*>(&reader)) {
    return source->scanner(table, rereads);
  }
  return std::make_unique<PlainScanner>(reader, table);
}

}  // namespace suyuan
