/**
 * JMH benchmarks: absolute times of one engine at a time. For a statement about which of two is
 * faster use {@link ernie4j.bench.sidebyside}. JMH sets the fields, so this package is not
 * null-marked.
 */
package ernie4j.bench.jmh;
