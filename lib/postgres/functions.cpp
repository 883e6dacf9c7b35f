#include "postgres/functions.hpp"

namespace postgres {

// SQLite's max() and min() of several values are NULL when one is; its substr() gives nothing where
// the length is negative; its json_each() gives what is equal twice, and leaves a reader the choice
// between a value and its text. The texts of times know what leat uses of strftime().
const char* const kFunctions = R"(
CREATE OR REPLACE FUNCTION iif(boolean, double precision, double precision)
RETURNS double precision LANGUAGE sql IMMUTABLE AS 'SELECT CASE WHEN $1 THEN $2 ELSE $3 END';
CREATE OR REPLACE FUNCTION iif(boolean, bigint, bigint)
RETURNS bigint LANGUAGE sql IMMUTABLE AS 'SELECT CASE WHEN $1 THEN $2 ELSE $3 END';
CREATE OR REPLACE FUNCTION iif(boolean, text, text)
RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT CASE WHEN $1 THEN $2 ELSE $3 END';
CREATE OR REPLACE FUNCTION max(bigint, bigint) RETURNS bigint LANGUAGE sql IMMUTABLE
AS 'SELECT CASE WHEN $1 IS NOT NULL AND $2 IS NOT NULL THEN greatest($1, $2) END';
CREATE OR REPLACE FUNCTION min(bigint, bigint) RETURNS bigint LANGUAGE sql IMMUTABLE
AS 'SELECT CASE WHEN $1 IS NOT NULL AND $2 IS NOT NULL THEN least($1, $2) END';
CREATE OR REPLACE FUNCTION max(double precision, double precision) RETURNS double precision
LANGUAGE sql IMMUTABLE
AS 'SELECT CASE WHEN $1 IS NOT NULL AND $2 IS NOT NULL THEN greatest($1, $2) END';
CREATE OR REPLACE FUNCTION min(double precision, double precision) RETURNS double precision
LANGUAGE sql IMMUTABLE
AS 'SELECT CASE WHEN $1 IS NOT NULL AND $2 IS NOT NULL THEN least($1, $2) END';
CREATE OR REPLACE FUNCTION instr(text, text) RETURNS bigint LANGUAGE sql IMMUTABLE
AS 'SELECT strpos($1, $2)::bigint';
CREATE OR REPLACE FUNCTION substr(text, bigint, bigint) RETURNS text LANGUAGE sql IMMUTABLE
AS 'SELECT substr($1, $2::int, greatest($3, 0)::int)';
CREATE OR REPLACE FUNCTION round(double precision, integer) RETURNS double precision
LANGUAGE sql IMMUTABLE AS 'SELECT round($1::numeric, $2)::double precision';
CREATE OR REPLACE FUNCTION typeof(bigint) RETURNS text LANGUAGE sql IMMUTABLE
AS 'SELECT CASE WHEN $1 IS NULL THEN ''null'' ELSE ''integer'' END';
CREATE OR REPLACE FUNCTION strftime(text, double precision, text) RETURNS text
LANGUAGE sql STABLE STRICT AS $$
SELECT to_char(to_timestamp($2) AT TIME ZONE 'UTC',
    replace(replace(replace(replace(replace(replace(replace(replace(replace($1,
        'T', '"T"'), 'Z', '"Z"'), '%Y', 'YYYY'), '%m', 'MM'), '%d', 'DD'), '%H', 'HH24'),
        '%M', 'MI'), '%S', 'SS'), '%f', 'SS.MS'))
$$;
CREATE OR REPLACE FUNCTION strftime(text, text) RETURNS text LANGUAGE sql VOLATILE STRICT
AS 'SELECT floor(extract(epoch FROM clock_timestamp()))::bigint::text
WHERE $1 = ''%s'' AND $2 = ''now''';
CREATE OR REPLACE FUNCTION datetime(double precision, text) RETURNS text
LANGUAGE sql STABLE STRICT
AS 'SELECT to_char(to_timestamp($1) AT TIME ZONE ''UTC'', ''YYYY-MM-DD HH24:MI:SS'')';
CREATE OR REPLACE FUNCTION json_list(bigint, bigint, bigint) RETURNS text
LANGUAGE sql IMMUTABLE AS 'SELECT ''['' || $1 || '','' || $2 || '','' || $3 || '']''';
CREATE OR REPLACE FUNCTION json_group_next(text, text) RETURNS text LANGUAGE sql IMMUTABLE
AS 'SELECT CASE WHEN $1 = '''' THEN $2 ELSE $1 || '','' || $2 END';
CREATE OR REPLACE FUNCTION json_group_end(text) RETURNS text LANGUAGE sql IMMUTABLE
AS 'SELECT ''['' || $1 || '']''';
CREATE OR REPLACE AGGREGATE json_group_array(text)
(SFUNC = json_group_next, STYPE = text, FINALFUNC = json_group_end, INITCOND = '');
CREATE OR REPLACE FUNCTION json_each(text, OUT key text, OUT value json, OUT atom text)
RETURNS SETOF record LANGUAGE sql IMMUTABLE STRICT AS $$
SELECT one.key, one.value, one.value #>> '{}'
FROM pg_catalog.json_each(CASE WHEN $1 LIKE '{%' THEN $1 ELSE '{}' END::json) AS one
UNION ALL
SELECT (one.place - 1)::text, one.value, one.value #>> '{}'
FROM json_array_elements(CASE WHEN $1 LIKE '[%' THEN $1 ELSE '[]' END::json)
    WITH ORDINALITY AS one (value, place)
$$;
)";

}  // namespace postgres
