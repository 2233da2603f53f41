// Of a target whose corpus is files alone.
#include "tests/fuzz/fuzz.h"

std::vector<std::string> suyuan::fuzz::seeds() { return {}; }
