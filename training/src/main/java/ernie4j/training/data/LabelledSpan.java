package ernie4j.training.data;

/**
 * A typed part of a text.
 *
 * @param type the name of its type, for example {@code PER} or {@code singer}
 * @param start index of its first char (UTF-16)
 * @param end index after its last char
 */
public record LabelledSpan(String type, int start, int end) {}
