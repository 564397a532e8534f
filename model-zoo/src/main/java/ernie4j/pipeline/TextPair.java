package ernie4j.pipeline;

/** Two texts that are read together, for example to say whether they mean the same. */
public record TextPair(String first, String second) {}
