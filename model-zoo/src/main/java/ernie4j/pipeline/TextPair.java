package ernie4j.pipeline;

/**
 * Two texts that are read together, for example to say whether they mean the same.
 *
 * @param first the first text
 * @param second the second text
 */
public record TextPair(String first, String second) {}
