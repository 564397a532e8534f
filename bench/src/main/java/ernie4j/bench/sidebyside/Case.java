package ernie4j.bench.sidebyside;

import ernie4j.bench.report.Round;
import java.util.List;
import java.util.function.Supplier;

/**
 * One row of the result: two sides and what a fork does, which is to load both, check that they
 * compute the same, and measure.
 */
record Case(String title, String ours, String peer, Supplier<List<Round>> measurement) {}
