// What stands at a notice's link in a code's chain, as JSON.
#pragma once

#include "proto/answers.h"
#include "proto/jsontext/writer.h"

namespace suyuan {

// The fields behind place and time: who ordered it, what it erases, and the note.
void write_notice_json(JsonWriter& out, const EventView& view);

}  // namespace suyuan
