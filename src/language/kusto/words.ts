/**
 * One line of help for the words of Kusto: operators over tables, operators between values, and functions that are often
 * used. A line is the word, and what it does.
 */
const OPERATORS = `
where Keeps the rows for which a condition is true.
filter Keeps the rows for which a condition is true.
extend Adds or replaces columns.
project Chooses columns, and computes new ones.
project-away Leaves columns out.
project-keep Keeps columns, in their order.
project-rename Names columns anew.
project-reorder Puts columns in another order.
summarize Groups rows, and computes aggregates of each group.
by Before what is grouped, sorted or partitioned by.
count Gives the number of rows.
distinct Gives rows without repetition.
sort Sorts; descending where nothing is said.
order Sorts; descending where nothing is said.
top Gives the first rows of an order.
take Gives so many rows.
limit Gives so many rows.
sample Gives so many rows: here the first.
join Joins rows by keys. Without a kind: innerunique, one row of each key on the left.
lookup Adds the columns of a table of facts, for each row.
union Rows of several tables, one table after the other.
mv-expand Gives a row for each element of an array or a bag.
mv-apply Runs operators over the elements of each row’s array.
parse Takes columns out of a text by a pattern; rows that do not match stay.
parse-where Takes columns out of a text by a pattern; only rows that match stay.
parse-kv Takes columns out of a text of keys and values.
make-series Gives arrays of aggregates over an axis.
serialize Fixes the order of the rows, for prev, next and row_number.
partition Runs operators over the rows of each key.
scan Steps over rows in order, with states.
evaluate Calls a plugin: bag_unpack, pivot, narrow.
as Names a table for what follows.
render Asks for a chart.
invoke Calls a function with the rows.
getschema Gives the columns as rows.
search Finds texts in any column.
find Finds rows of several tables.
print Gives one row of values.
range Gives rows from a value to another, by a step.
datatable Gives rows that are written in the query.
externaldata Gives rows of a file of the folder that hunts may read.
let Names a value, a table or a function.
top-nested Gives the first of each level.
and Both conditions.
or One of the conditions, or both.
has Has the whole term; upper and lower case alike.
has_cs Has the whole term, as it is written.
has_any Has one of the terms.
has_all Has all of the terms.
hasprefix A term begins so.
hassuffix A term ends so.
contains Has the text anywhere; upper and lower case alike.
contains_cs Has the text anywhere, as it is written.
startswith Begins with the text; upper and lower case alike.
startswith_cs Begins with the text, as it is written.
endswith Ends with the text; upper and lower case alike.
endswith_cs Ends with the text, as it is written.
in Is one of a list, or of a table’s first column.
in~ Is one of a list; upper and lower case alike.
between Lies between two values, both included.
matches Matches a regular expression of RE2.
`;

const FUNCTIONS = `
ago The time so long before now.
now The time of the run.
bin Rounds down to a multiple: 1h of a time gives its hour.
floor Rounds down to a multiple.
startofday The beginning of the day.
startofweek The beginning of the week, Sunday.
startofmonth The beginning of the month.
datetime_diff How many units lie between two times.
datetime_add A time so many units later.
format_datetime A time as text, by a pattern.
hourofday The hour, 0 to 23.
dayofweek How long since Sunday.
todatetime A text as time; null where it is none.
totimespan A text as a span of time.
tostring A value as text; a missing one as "".
tolong A value as a whole number; null where it is none.
toint A value as a whole number of 32 bits; null where it is none.
toreal A value as a number; null where it is none.
todouble A value as a number; null where it is none.
tobool A value as true or false.
toguid A text as a guid.
todynamic JSON as a value with parts.
parse_json JSON as a value with parts.
tolower In lower case.
toupper In upper case.
strlen How many characters.
strcat Texts, one after the other.
strcat_delim Texts with another one between.
strcat_array The elements of an array as one text.
substring A part of a text, from a place that counts from 0.
split A text at each delimiter: an array.
indexof Where a text begins in another; -1 where it does not.
replace_string Puts a text for another one.
replace_regex Puts a text for what matches a regular expression.
trim Without what matches at both ends.
trim_start Without what matches at the beginning.
trim_end Without what matches at the end.
extract A group of the first match of a regular expression; "" without one.
extract_all All matches of a regular expression.
countof How often a text or an expression occurs.
reverse The characters from last to first.
isempty Whether a text is missing or "".
isnotempty Whether a text is there.
isnull Whether a value is null; a text never is.
isnotnull Whether a value is not null.
coalesce The first value that is there.
iff One of two values, by a condition.
iif One of two values, by a condition.
case The value behind the first condition that is true, else the last.
array_length How many elements an array has.
array_concat Arrays, one after the other.
array_slice A part of an array.
array_sort_asc An array, sorted.
array_sort_desc An array, sorted from greatest to least.
array_index_of Where a value stands in an array.
set_has_element Whether a value is in an array.
set_union What is in one of the arrays.
set_intersect What is in all of the arrays.
set_difference What is in the first array, and in no other.
bag_keys The names in a bag.
bag_pack A bag of names and values.
pack A bag of names and values.
pack_all A bag of all columns.
pack_array An array of values.
bag_merge Bags as one.
ipv4_is_private Whether an address belongs to a private network; null where it is none.
ipv4_is_in_range Whether an address lies in a network, as 10.0.0.0/8.
ipv4_is_in_any_range Whether an address lies in one of several networks.
ipv6_is_in_range Whether an address lies in a network.
parse_ipv4 An address as a number.
parse_url The parts of an address of the web.
parse_path The parts of a path.
parse_command_line A command line as an array of arguments.
base64_decode_tostring The text that was encoded.
base64_encode_tostring A text, encoded.
url_decode A text without percent signs of an address.
hash_sha256 The SHA-256 of a value.
hash_md5 The MD5 of a value.
round Rounds to so many digits.
abs Without its sign.
min_of The least of the values.
max_of The greatest of the values.
prev The value of the row before.
next The value of the row after.
row_number The number of the row.
row_cumsum The sum up to the row.
materialize Runs a query once for all its uses.
toscalar The first value that a query gives.
column_ifexists A column, or else another value.
count How many rows.
countif How many rows for which a condition is true.
dcount How many different values; counted exactly here.
dcountif How many different values, of rows for which a condition is true.
count_distinct How many different values.
sum The sum.
sumif The sum of rows for which a condition is true.
avg The mean; NaN of nothing.
min The least value.
max The greatest value.
percentile The value below which so many percent lie.
percentiles The values below which so many percent lie.
stdev The standard deviation of a sample.
variance The variance of a sample.
make_list The values as an array.
make_set The different values as an array.
make_bag The bags as one.
arg_max Columns of the row with the greatest value.
arg_min Columns of the row with the least value.
take_any A value of the group.
`;

/** By the operator as it is written; of one that is negated, `!has`, too. */
export const OPERATOR_WORDS: ReadonlyMap<string, string> = new Map(
  [...linesOf(OPERATORS)].flatMap(([word, doc]) => [
    [word, doc],
    [`!${word}`, `Not: ${doc.charAt(0).toLowerCase()}${doc.slice(1)}`],
  ]),
);

export const FUNCTION_WORDS: ReadonlyMap<string, string> = linesOf(FUNCTIONS);

function linesOf(text: string): ReadonlyMap<string, string> {
  return new Map(
    text
      .trim()
      .split('\n')
      .map((line) => {
        const end = line.indexOf(' ');
        return [line.slice(0, end), line.slice(end + 1)];
      }),
  );
}
