package ernie4j.training.data;

/**
 * A part of a text that has a type.
 *
 * @param type what it is, for example {@code PER} or {@code singer}
 * @param start index of its first char (UTF-16)
 * @param end index behind its last char
 */
public record LabelledSpan(String type, int start, int end) {}
