// The Python of the tests that hold answers against schemas.
#pragma once

#include <string>

#include "tests/support/node_process.h"

namespace suyuan::test {

// Returns a Python that has jsonschema: Debian's python3-jsonschema, or the machine's own. Empty:
// there is none.
inline std::string python_with_jsonschema() {
  for (const std::string program : {"/usr/bin/python3", "python3"}) {
    if (run_program({"/usr/bin/env", program, "-W", "ignore", "-c", "import jsonschema"}) == 0)
      return program;
  }
  return {};
}

}  // namespace suyuan::test
