// Comma-separated values (RFC 4180): records of fields, quoted where they hold what separates them.
// Spreadsheets of many countries write semicolons, or tabs: the first line tells which.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "ledger/base/error.h"

namespace suyuan {

class CsvReader {
 public:
  // `text` must outlive the reader.
  explicit CsvReader(std::string_view text);
  // The next record's fields; empty lines are passed over. After an error the reader goes on at the
  // next line, so that one bad quote does not cost the rest of the file.
  Result<std::vector<std::string>> next();
  bool done();
  size_t row() const { return row_; }  // of the record that next() gave last, from 1

 private:
  Result<std::string> quoted_field(std::string_view& at) const;
  void skip_line();
  std::string_view rest_;
  char separator_ = ',';
  size_t row_ = 0;
};

}  // namespace suyuan
