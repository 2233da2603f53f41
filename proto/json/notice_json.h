// The notice at a link in a code's chain, as JSON.
#pragma once

#include "proto/answers.h"
#include "proto/jsontext/writer.h"

namespace suyuan {

// Writes the fields after place and time: who ordered it, what it erases, and the note.
void write_notice_json(JsonWriter& out, const EventView& view);

}  // namespace suyuan
