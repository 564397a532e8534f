package ernie4j.pipeline;

/**
 * A part of a text that has a type: a name, a slot of a command.
 *
 * @param type what it is, for example {@code PER} or {@code singer}
 * @param text the part of the text
 * @param start index of its first char (UTF-16)
 * @param end index after its last char
 * @param probability the probability that all its tokens have the labels that make the span: the
 *     product over its tokens, as the model labels each token independently
 */
public record Span(String type, String text, int start, int end, double probability) {}
