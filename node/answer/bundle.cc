#include "node/answer/bundle.h"

#include "ledger/apply/head_rows.h"
#include "ledger/proof/make_bundle.h"
#include "node/access/viewer.h"
#include "proto/json/bundle_json.h"

namespace suyuan {

Result<BundleText> answer_bundle(const Published& published, std::string_view code,
                                 size_t bytes_max, const Viewer& viewer) {
  const ViewerFilter filter(*published.state, viewer);
  const HeadRows rows(*published.state);
  SUYUAN_TRY(bundle, make_bundle({.state = *published.state,
                                  .rows = rows,
                                  .map = published.map,
                                  .checkpoint = published.checkpoint,
                                  .size = published.size(),
                                  .filter = &filter},
                                 code, decode_any_payload));
  BundleText text{write_bundle_json(bundle)};
  if (text.text.size() <= bytes_max) return text;
  return fail(Code::TOO_LARGE,
              "the bundle has " + std::to_string(text.text.size()) + " bytes, at most " +
                  std::to_string(bytes_max) + " are sent over RPC; HTTP sends 64 MiB");
}

}  // namespace suyuan
