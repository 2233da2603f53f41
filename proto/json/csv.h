// Comma-separated values (RFC 4180): records of fields, quoted if they contain a separator. Many
// countries' spreadsheets use semicolons or tabs: the first line shows which.
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
  // Returns the next record's fields; skips empty lines. After an error the reader continues at the
  // next line, so one bad quote does not cost the rest of the file.
  Result<std::vector<std::string>> next();
  bool done();
  size_t row() const { return row_; }  // of the last record from next(), from 1
  char separator() const { return separator_; }

 private:
  Result<std::string> quoted_field(std::string_view& at) const;
  void skip_line();
  std::string_view rest_;
  char separator_ = ',';
  size_t row_ = 0;
};

}  // namespace suyuan
