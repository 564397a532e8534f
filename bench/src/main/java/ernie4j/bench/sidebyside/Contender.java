package ernie4j.bench.sidebyside;

/**
 * One side of a comparison.
 *
 * @param call the work to time, once
 */
public record Contender(String name, Runnable call) {}
