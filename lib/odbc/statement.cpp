#include "odbc/statement.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/ensure.hpp"
#include "base/text.hpp"
#include "odbc/session.hpp"
#include "odbc/utf16.hpp"

namespace odbc {

static_assert(sizeof(SQLLEN) == sizeof(std::ptrdiff_t) && sizeof(SQLULEN) == sizeof(std::size_t));

struct Statement::State {
    explicit State(std::shared_ptr<Session> of) : session(std::move(of)) {}
    ~State() {
        if (handle != SQL_NULL_HSTMT) SQLFreeHandle(SQL_HANDLE_STMT, handle);
    }
    State(const State&) = delete;
    State& operator=(const State&) = delete;

    std::shared_ptr<Session> session;
    SQLHSTMT handle = SQL_NULL_HSTMT;
    std::vector<SQLUSMALLINT> statuses{};  // Of the rows sent, or read.
    SQLULEN rows = 0;                      // That were done, or read.
    std::vector<ColumnInfo> columns{};     // Of what it yields; read once.
};

namespace {

constexpr SQLULEN kLongText = 4'000;  // Of more units SQL Server has another type.

template <class Value>
SQLPOINTER first_of(const std::vector<Value>& values) {
    return const_cast<Value*>(values.data());  // NOLINT: ODBC takes no const, and changes nothing.
}

SQLLEN* lengths_of(const std::vector<std::ptrdiff_t>& lengths) {
    return static_cast<SQLLEN*>(first_of(lengths));
}

Type type_of(SQLSMALLINT type) {
    switch (type) {
        case SQL_BIT:
        case SQL_TINYINT:
        case SQL_SMALLINT:
        case SQL_INTEGER:
        case SQL_BIGINT:
            return Type::integer;
        case SQL_REAL:
        case SQL_FLOAT:
        case SQL_DOUBLE:
            return Type::number;
        case SQL_TYPE_TIMESTAMP:
            return Type::time;
        default:
            return Type::text;
    }
}

bool is_wide(SQLSMALLINT type) {
    return type == SQL_BIGINT || type == SQL_DOUBLE || type == SQL_FLOAT;
}

}  // namespace

Statement::Statement(std::unique_ptr<State> state) : state_(std::move(state)) {}
Statement::Statement(Statement&& other) noexcept = default;
Statement& Statement::operator=(Statement&& other) noexcept = default;
Statement::~Statement() = default;

base::Error Statement::failed(std::string_view doing) const {
    return explain(diagnosis_of(SQL_HANDLE_STMT, state_->handle), doing);
}

base::Result<Statement> Statement::prepare(std::shared_ptr<Session> session, std::string_view sql) {
    Statement statement{std::make_unique<State>(std::move(session))};
    auto& state = *statement.state_;
    if (!is_done(SQLAllocHandle(SQL_HANDLE_STMT, state.session->connection, &state.handle))) {
        return explain(diagnosis_of(SQL_HANDLE_DBC, state.session->connection),
                       "prepare a statement");
    }
    const auto timeout =
        std::chrono::ceil<std::chrono::seconds>(state.session->statement_timeout).count();
    SQLSetStmtAttr(state.handle, SQL_ATTR_QUERY_TIMEOUT,
                   attribute(static_cast<SQLULEN>(std::max<std::int64_t>(1, timeout))),
                   SQL_IS_UINTEGER);
    auto units = utf16_of(sql);
    const auto code =
        SQLPrepareW(state.handle, units_of(units), static_cast<SQLINTEGER>(units.size()));
    if (!is_done(code)) return statement.failed(fmt::format("prepare \"{}\"", sql));
    return statement;
}

void Statement::limit_rows(std::size_t rows_max) {
    SQLSetStmtAttr(state_->handle, SQL_ATTR_MAX_ROWS, attribute(rows_max), SQL_IS_UINTEGER);
}

base::Status Statement::run(const std::vector<Value>& values) {
    if (values.empty()) return execute(1);
    std::vector<Column> columns;
    for (const auto& value : values) {
        Column column{.type = Type::text, .units_max = 1};
        if (std::holds_alternative<std::int64_t>(value)) column.type = Type::integer;
        if (std::holds_alternative<double>(value)) column.type = Type::number;
        if (std::holds_alternative<Time>(value)) column.type = Type::time;
        if (const auto* const text = std::get_if<std::string>(&value)) {
            column.units_max = std::max<std::size_t>(1, utf16_units(*text).value_or(1));
        }
        columns.push_back(column);
    }
    Block row{std::move(columns), 1};
    if (auto added = row.add(values); !added) return added;
    return run(row);
}

base::Status Statement::run(const Block& rows) {
    if (rows.rows() == 0) return base::Done{};
    if (auto bound = bind(rows); !bound) return bound;
    if (auto executed = execute(rows.rows()); !executed) return executed;
    if (rows.rows() == 1) return base::Done{};
    return check_all_done();
}

/// What one of the rows yields last says how it went with that one.
base::Status Statement::check_all_done() {
    for (;;) {
        const auto code = SQLMoreResults(state_->handle);
        if (code == SQL_NO_DATA) break;
        if (!is_done(code)) return failed("run a statement");
    }
    const auto is_undone = [](SQLUSMALLINT status) {
        return status == SQL_PARAM_ERROR || status == SQL_PARAM_UNUSED;
    };
    if (state_->rows == state_->statuses.size() &&
        std::none_of(state_->statuses.begin(), state_->statuses.end(), is_undone)) {
        return base::Done{};
    }
    return failed(fmt::format("run a statement for each of {} rows, only for {}",
                              state_->statuses.size(), state_->rows));
}

base::Status Statement::bind(const Block& rows) {
    SQLUSMALLINT number = 0;
    for (const auto& cells : rows.cells_) {
        SQLRETURN code = SQL_ERROR;
        const auto bind = [&](SQLSMALLINT from, SQLSMALLINT to, SQLULEN size, SQLSMALLINT digits,
                              SQLPOINTER data, std::size_t bytes) {
            code =
                SQLBindParameter(state_->handle, ++number, SQL_PARAM_INPUT, from, to, size, digits,
                                 data, static_cast<SQLLEN>(bytes), lengths_of(cells.lengths));
        };
        const auto units = static_cast<SQLULEN>(cells.column.units_max);
        switch (cells.column.type) {
            case Type::integer:
                bind(SQL_C_SBIGINT, SQL_BIGINT, 19, 0, first_of(cells.integers), 8);
                break;
            case Type::number:
                bind(SQL_C_DOUBLE, SQL_DOUBLE, 53, 0, first_of(cells.numbers), 8);
                break;
            case Type::text:
                bind(SQL_C_WCHAR, units > kLongText ? SQL_WLONGVARCHAR : SQL_WVARCHAR, units, 0,
                     first_of(cells.units), cells.stride() * kUnitBytes);
                break;
            case Type::time:
                bind(SQL_C_TYPE_TIMESTAMP, SQL_TYPE_TIMESTAMP, 26, 6, first_of(cells.times),
                     sizeof(Block::TimeParts));
                break;
        }
        if (!is_done(code)) return failed("bind a value");
    }
    return base::Done{};
}

base::Status Statement::execute(std::size_t rows) {
    SQLFreeStmt(state_->handle, SQL_CLOSE);
    // SQLite's driver says nothing of single rows.
    state_->statuses.assign(rows, SQL_PARAM_DIAG_UNAVAILABLE);
    state_->rows = 0;
    SQLSetStmtAttr(state_->handle, SQL_ATTR_PARAM_BIND_TYPE, attribute(SQL_PARAM_BIND_BY_COLUMN),
                   SQL_IS_UINTEGER);
    if (!is_done(SQLSetStmtAttr(state_->handle, SQL_ATTR_PARAMSET_SIZE, attribute(rows),
                                SQL_IS_UINTEGER)) ||
        !is_done(SQLSetStmtAttr(state_->handle, SQL_ATTR_PARAM_STATUS_PTR, state_->statuses.data(),
                                SQL_IS_POINTER)) ||
        !is_done(SQLSetStmtAttr(state_->handle, SQL_ATTR_PARAMS_PROCESSED_PTR, &state_->rows,
                                SQL_IS_POINTER))) {
        return failed("send rows together");
    }
    const auto code = SQLExecute(state_->handle);
    if (code != SQL_NO_DATA && !is_done(code)) return failed("run a statement");
    const auto is_refused = [](SQLUSMALLINT status) { return status == SQL_PARAM_ERROR; };
    if (std::any_of(state_->statuses.begin(), state_->statuses.end(), is_refused)) {
        return failed("run a statement");
    }
    return base::Done{};
}

base::Result<std::vector<ColumnInfo>> Statement::columns() {
    if (!state_->columns.empty()) return state_->columns;
    SQLSMALLINT count = 0;
    if (!is_done(SQLNumResultCols(state_->handle, &count))) return failed("ask for the columns");
    for (SQLSMALLINT i = 1; i <= count; ++i) {
        std::array<char16_t, 256> name{};
        SQLSMALLINT units = 0;
        SQLSMALLINT type = 0;
        SQLULEN size = 0;
        SQLSMALLINT digits = 0;
        SQLSMALLINT may_be_null = 0;
        const auto code = SQLDescribeColW(
            state_->handle, static_cast<SQLUSMALLINT>(i), reinterpret_cast<SQLWCHAR*>(name.data()),
            static_cast<SQLSMALLINT>(name.size()), &units, &type, &size, &digits, &may_be_null);
        if (!is_done(code)) return failed("ask for the columns");
        ColumnInfo column{.name = to_utf8(std::u16string_view{name.data()}),
                          .type = type_of(type),
                          .is_wide = is_wide(type)};
        SQLLEN is_unsigned = SQL_FALSE;
        if (type == SQL_BIGINT) {
            SQLColAttributeW(state_->handle, static_cast<SQLUSMALLINT>(i), SQL_DESC_UNSIGNED,
                             nullptr, 0, nullptr, &is_unsigned);
        }
        column.is_unsigned = is_unsigned == SQL_TRUE;
        if (column.type == Type::time) column.has_zone = has_zone(i);
        const bool tells_digits = state_->session->dialect->server() != Server::sqlite;
        if (column.type == Type::time && tells_digits) column.digits = digits;
        state_->columns.push_back(std::move(column));
    }
    return state_->columns;
}

/// By the name that the driver has for the type.
bool Statement::has_zone(std::int16_t number) const {
    std::array<char16_t, 128> name{};
    const auto code = SQLColAttributeW(
        state_->handle, static_cast<SQLUSMALLINT>(number), SQL_DESC_TYPE_NAME, name.data(),
        static_cast<SQLSMALLINT>(name.size() * kUnitBytes), nullptr, nullptr);
    if (!is_done(code)) return false;
    const auto type = base::lower(to_utf8(std::u16string_view{name.data()}));
    const auto server = state_->session->dialect->server();
    if (server == Server::mysql) return type == "timestamp";
    return type == "timestamptz";  // SQL Server's datetimeoffset comes as text.
}

/// The driver of SQLite makes text of 15 digits of a number before it hands it over.
base::Status Statement::check_rounding(const Block& rows) {
    if (state_->session->dialect->server() != Server::sqlite) return base::Done{};
    const auto yielded = columns();
    if (!yielded) return yielded.error();
    for (std::size_t i = 0; i < std::min(rows.columns(), yielded.value().size()); ++i) {
        const auto& column = yielded.value()[i];
        if (rows.cells_[i].column.type == Type::number && column.type == Type::number) {
            return base::Error{
                base::Fault::misconfigured,
                fmt::format("the driver of SQLite rounds the numbers of column {0} to 15 digits; "
                            "select them as iif({0} IS NULL, NULL, printf('%!.17g', {0}))",
                            column.name)};
        }
    }
    return base::Done{};
}

base::Status Statement::bind_columns(Block& rows) {
    SQLUSMALLINT number = 0;
    for (auto& cells : rows.cells_) {
        SQLRETURN code = SQL_ERROR;
        const auto bind = [&](SQLSMALLINT type, SQLPOINTER data, std::size_t bytes) {
            code = SQLBindCol(state_->handle, ++number, type, data, static_cast<SQLLEN>(bytes),
                              lengths_of(cells.lengths));
        };
        switch (cells.column.type) {
            case Type::integer:
                bind(SQL_C_SBIGINT, cells.integers.data(), 8);
                break;
            case Type::number:
                bind(SQL_C_DOUBLE, cells.numbers.data(), 8);
                break;
            case Type::text:
                bind(SQL_C_WCHAR, cells.units.data(), cells.stride() * kUnitBytes);
                break;
            case Type::time:
                bind(SQL_C_TYPE_TIMESTAMP, cells.times.data(), sizeof(Block::TimeParts));
                break;
        }
        if (!is_done(code)) return failed("bind a column");
    }
    return base::Done{};
}

base::Result<bool> Statement::fetch(Block& rows) {
    static_assert(sizeof(Block::TimeParts) == sizeof(SQL_TIMESTAMP_STRUCT));
    rows.clear();
    if (auto exact = check_rounding(rows); !exact) return exact.error();
    if (auto bound = bind_columns(rows); !bound) return bound.error();
    state_->statuses.assign(rows.rows_max(), SQL_ROW_NOROW);
    state_->rows = 0;
    if (!is_done(SQLSetStmtAttr(state_->handle, SQL_ATTR_ROW_ARRAY_SIZE, attribute(rows.rows_max()),
                                SQL_IS_UINTEGER)) ||
        !is_done(SQLSetStmtAttr(state_->handle, SQL_ATTR_ROWS_FETCHED_PTR, &state_->rows,
                                SQL_IS_POINTER)) ||
        !is_done(SQLSetStmtAttr(state_->handle, SQL_ATTR_ROW_STATUS_PTR, state_->statuses.data(),
                                SQL_IS_POINTER))) {
        return failed("read rows together");
    }
    const auto code = SQLFetch(state_->handle);
    if (code == SQL_NO_DATA) return false;
    if (!is_done(code)) return failed("read rows");
    rows.rows_ = std::min<std::size_t>(state_->rows, rows.rows_max());
    for (std::size_t i = 0; i < rows.rows_; ++i) {
        if (state_->statuses[i] == SQL_ROW_ERROR) return failed("read a row");
    }
    if (code == SQL_SUCCESS_WITH_INFO) {
        const auto cut = diagnosis_of(SQL_HANDLE_STMT, state_->handle, "01S07");
        if (cut.state == "01S07") return failed("read a number without cutting it");
    }
    if (auto whole = check_texts(rows); !whole) return whole.error();
    return rows.rows_ > 0;
}

base::Status Statement::check_texts(const Block& rows) const {
    for (std::size_t column = 0; column < rows.columns(); ++column) {
        const auto& cells = rows.cells_[column];
        if (cells.column.type != Type::text || cells.column.may_be_cut) continue;
        const auto bytes_max = static_cast<std::ptrdiff_t>(cells.column.units_max * kUnitBytes);
        for (std::size_t row = 0; row < rows.rows_; ++row) {
            const auto length = cells.lengths[row];
            if (length == SQL_NULL_DATA || (length >= 0 && length <= bytes_max)) continue;
            return base::Error{base::Fault::exhausted,
                               fmt::format("a text of column {} is longer than {} characters",
                                           column + 1, cells.column.units_max)};
        }
    }
    return base::Done{};
}

}  // namespace odbc
