// A check for bugs in this program: always on, in release too. Never used on outside input.
#pragma once

#include <cstdio>
#include <cstdlib>

#define SUYUAN_CHECK(condition)                                                              \
  do {                                                                                       \
    if (!(condition)) {                                                                      \
      std::fprintf(stderr, "suyuan: broken invariant at %s:%d: %s\n", __FILE__, __LINE__,    \
                   #condition);                                                              \
      std::abort();                                                                          \
    }                                                                                        \
  } while (false)
