/** What comparisons found: ratios with intervals, as a table, as CSV and as a picture. */
@NullMarked
package ernie4j.bench.report;

import org.jspecify.annotations.NullMarked;
