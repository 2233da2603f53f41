// How a benchmark handles a failure: it reports and exits, because a figure of a broken run is
// worthless.
#pragma once

#include <optional>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "ledger/base/error.h"
#include "ledger/crypto/hash.h"

namespace suyuan::bench {

[[noreturn]] inline void give_up(const std::string& why) {
  std::fprintf(stderr, "bench: %s\n", why.c_str());
  std::abort();
}

template <class T>
T must(Result<T> result) {
  if (!result) give_up(to_text(result.error()));
  return std::move(result).value();
}

template <class T>
T must(Results<T> results) {
  if (!results) give_up(to_text(results.error().front()));
  return std::move(results).value();
}

template <class T>
T must(std::optional<T> value) {
  if (!value) give_up("a value is missing");
  return *std::move(value);
}

// Every key, salt, nonce and number of a generated ledger is derived from words like these.
inline Hash seeded(std::string_view what, uint64_t number = 0) {
  return sha256({"suyuan bench\n", what, "\n", std::to_string(number)});
}

}  // namespace suyuan::bench
