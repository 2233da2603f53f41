// Renders a bundle's verdict for people: first the time and the verdict, then line by line what is
// proven, what is not, and the first fault.
#pragma once

#include <string>

#include "client/render/paper.h"
#include "ledger/proof/verdict.h"

namespace suyuan {

std::string show_verdict(const BundleVerdict& verdict, const Style& style);

}  // namespace suyuan
