// A bundle's verdict for people: first as of when and the verdict, then line by line what is
// proven, what is not, and the first thing that is wrong.
#pragma once

#include <string>

#include "client/render/paper.h"
#include "ledger/proof/verdict.h"

namespace suyuan {

std::string show_verdict(const BundleVerdict& verdict, const Style& style);

}  // namespace suyuan
