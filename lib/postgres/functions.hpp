#pragma once

namespace postgres {

/// Statements that make, in the current schema, the functions of SQLite that leat's statements,
/// its views and the questions in docs/schema.md use. Written for PostgreSQL; may run again.
extern const char* const kFunctions;

}  // namespace postgres
